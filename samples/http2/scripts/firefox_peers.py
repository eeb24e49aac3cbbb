"""firefox.pcap: a page in Firefox that opens four sockets, in TLS, and hypercorn: permessage-deflate, a refusal, a subprotocol
that is asked for and not chosen. What was said on each stream is what the server's own log says, and Firefox's must say the same."""

import os
import re
import subprocess
import tempfile
from pathlib import Path

from recording import Recording, authority
from sample import running
from served import PORT, URL, serving, tunnel

# That nobody chose its subprotocol is all the same to Firefox.
CLOSED = {"/first": 1000, "/second": 1000, "/forbidden": 1006, "/plain": 1000}
SETTINGS = {
    "network.trr.mode": "5",
    "browser.shell.checkDefaultBrowser": "false",
    "datareporting.policy.dataSubmissionEnabled": "false",
    "app.normandy.enabled": "false",
}
LOGGED = {
    "stream": r"Http2StreamBase (\w+) Stream ID 0x(\w+) \[session=(\w+)\]",
    "tunnel": r"Http2StreamWebSocket (\w+) Stream ID",
    "path": r"Http2Compressor::ProcessHeader :path (\S+)",
    "sent": r"GenerateDataFrameHeader (\w+) len=(\d+)",
    "received": r"Start Processing Data Frame\. Session=(\w+) Stream ID 0x(\w+) .* Len=(\d+)",
    "subprotocol": r"Decompressor::OutputHeader sec-websocket-protocol (\S+)",
    "status": r"ConvertResponseHeaders (\w+) response code (\d+)",
    "reset": r"Http2Session::GenerateRst (\w+) 0x(\w+) (\d+)",
    "ended": r"Session::RecvHeaders (\w+) stream 0x(\w+) .* end_stream=1",
    "ended by data": r"Start Processing Data Frame\. Session=(\w+) Stream ID 0x(\w+) .* Fin=1 ",
}


class Browser:
    """What Firefox logged of its sessions of HTTP/2: how many bytes, not which."""

    def __init__(self, log):
        self.sessions, self.streams, self.tunnels = {}, {}, []
        self.last = self.subprotocol = None
        for line in log.read_text(errors="replace").splitlines():
            for what, pattern in LOGGED.items():
                if match := re.search(pattern, line):
                    self.take(what, *match.groups())

    def take(self, what, name, *more):
        match what:
            case "stream":
                stream, session = int(more[0], 16), more[1]
                self.last = {**tunnel(stream, None), "sent": {"bytes": 0}, "received": {"bytes": 0}}
                self.streams[name] = self.sessions.setdefault(session, {})[stream] = self.last
            case "tunnel": self.tunnels.append(self.streams[name])
            case "path": self.last["path"] = self.last["path"] or name
            case "sent": self.streams[name]["sent"]["bytes"] += int(more[0])
            case "received": self.stream(name, more)["received"]["bytes"] += int(more[1])
            case "subprotocol": self.subprotocol = name
            case "status":
                self.streams[name].update(status=int(more[0]), subprotocol=self.subprotocol)
                self.subprotocol = None
            case "reset": self.stream(name, more)["end"] = f"client resets with {more[1]}"
            case "ended" | "ended by data":
                stream = self.stream(name, more)
                stream["end"] = stream["end"] or "server ends"

    def stream(self, session, more):
        return self.sessions[session][int(more[0], 16)]

    def connections(self):
        for session in self.sessions.values():
            tunnels = [stream for stream in session.values() if any(stream is one for one in self.tunnels)]
            yield {"requests": len(session) - len(tunnels), "tunnels": tunnels}


def start(profile, root):
    profile.mkdir()
    subprocess.run(["certutil", "-N", "-d", f"sql:{profile}", "--empty-password"], check=True)
    subprocess.run(["certutil", "-A", "-d", f"sql:{profile}", "-n", "authority", "-t", "C,,", "-i", root], check=True)
    (profile / "user.js").write_text("".join(f'user_pref("{name}", {value});\n' for name, value in SETTINGS.items()))
    return ["env", f"HOME={profile}", "firefox-esr", "--headless", "--no-remote", "--profile", profile, URL]


def main():
    version = subprocess.run(["firefox-esr", "--version"], check=True, capture_output=True, text=True).stdout.split()[2]
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        folder = Path(folder)
        root, key, chain = authority(folder)
        environment = {**os.environ, "SSLKEYLOGFILE": str(folder / "keys"), "MOZ_LOG": "nsHttp:5", "MOZ_LOG_FILE": str(folder / "log")}
        with serving(folder, key, chain) as server:
            with Recording("firefox", [PORT], f"Firefox {version}, hypercorn 0.18.0", keys=folder / "keys") as recording:
                with running(start(folder / "profile", root), env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL):
                    server.wait(CLOSED)
                server.publish(recording, Browser(folder / "log.moz_log").connections())


main()
