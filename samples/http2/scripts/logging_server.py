"""logging_server.py PORT KEY CERTIFICATE LOG: hypercorn with the application of `app.py`, which logs a line of JSON for
each thing that it hands to its library of HTTP/2 for a stream, or is handed by it."""

import json
import sys

import h2.connection
import h2.events
from hypercorn.__main__ import main
from hypercorn.protocol.h2 import H2Protocol

PORT, KEY, CERTIFICATE, LOG = sys.argv[1:]
log = open(LOG, "w", buffering=1)


class LoggedConnection(h2.connection.H2Connection):
    client_port = None

    def log(self, what, stream, **more):
        log.write(json.dumps({"client_port": self.client_port, "what": what, "stream": stream, **more}) + "\n")

    def receive_data(self, data):
        events = super().receive_data(data)
        for event in events:
            match event:
                case h2.events.RequestReceived(): self.log("request", event.stream_id, headers=readable(event.headers))
                case h2.events.DataReceived(): self.log("received", event.stream_id, data=event.data.hex())
                case h2.events.StreamEnded(): self.log("client ends", event.stream_id)
                case h2.events.StreamReset(): self.log("client resets", event.stream_id, code=int(event.error_code))
        return events

    def send_headers(self, stream, headers, *arguments, **options):
        headers = list(headers)
        self.log("response", stream, headers=readable(headers))
        super().send_headers(stream, headers, *arguments, **options)

    def send_data(self, stream, data, *arguments, **options):
        self.log("sent", stream, data=bytes(data).hex())
        super().send_data(stream, data, *arguments, **options)

    def end_stream(self, stream):
        self.log("server ends", stream)
        super().end_stream(stream)


def readable(headers):
    return {bytes(name).decode(): bytes(value).decode() for name, value in headers}


def begin(protocol, *arguments, **options):
    ordinary(protocol, *arguments, **options)
    protocol.connection.client_port = protocol.client[1]


ordinary, H2Protocol.__init__ = H2Protocol.__init__, begin
h2.connection.H2Connection = LoggedConnection
sys.exit(main([
    "app:application", "-b", f"127.0.0.1:{PORT}", "--keyfile", KEY, "--certfile", CERTIFICATE, "--log-level", "error",
    # In this process, not in one of its own.
    "--workers", "0"]))
