"""sockjs.pcap: sockjs-node and sockjs-client: messages of text and of JSON, and a close with a reason; what their callbacks
tell."""

from recording import Recording

PORT = 8765

with Recording("sockjs", [PORT], "sockjs 0.3.24, sockjs-client 1.6.1", "sockjs") as recording:
    recording.run(recording.connection(), ["node", "scripts/javascript/sockjs.js", str(PORT)])
