"""Upgrade requests that break a rule. Where a real server can tell, it answers: with an error, or as if nothing were."""

import os

from stage import REFUSED, by_client, capture, chat, part, refuse, shake
from wire import new_key, request


def asked(name, what, *more, **how):
    """A request to a real server, which may refuse it; then that is truly there as well."""

    @capture(name, what, by_client(name.partition(".")[0]), *more)
    def _(stage):
        with stage.real_server(compression="deflate") as client:
            client.send(request(**how))
            if b" 101 " in client.read_head():
                client.text("Hello")
                client.read_frame()
                client.close()
                client.await_close()
            client.hang_up()


def accepted(name, what, id=None, **how):
    """A request to a server that accepts anything."""

    @capture(name, what, by_client(id or name.partition(".")[0]))
    def _(stage):
        client, server = stage.raw()
        shake(client, server, request(**how))
        chat(client, server)
        part(client, server)


asked("request-method", "The request uses POST.", REFUSED, line="POST /chat HTTP/1.1", fields={"Content-Length": "0"})
accepted("request-target-invalid.no-slash", "The path of the request does not begin with a slash.", line="GET chat HTTP/1.1")
accepted("request-target-invalid.ws", "The request asks for the whole ws URL, as some proxies want it.",
         line="GET ws://127.0.0.1:8080/chat HTTP/1.1")
accepted("request-target-invalid.scheme", "The request asks for an ftp URL.", line="GET ftp://127.0.0.1:8080/chat HTTP/1.1")
accepted("request-target-invalid.fragment", "The path of the request has a fragment.", line="GET /chat#room HTTP/1.1")
asked("request-http-version", "The request is HTTP/1.0.", REFUSED, line="GET /chat HTTP/1.0")
accepted("request-http-version.accepted", "The request is HTTP/1.0, and a lenient server switches all the same.",
         line="GET /chat HTTP/1.0")
asked("request-host-missing", "The request has no Host.", fields={"Host": None})
asked("request-upgrade-missing", "The request has no Upgrade field.", REFUSED, fields={"Upgrade": None})
asked("request-upgrade-missing.other", "The request wants to upgrade to h2c only.", REFUSED, fields={"Upgrade": "h2c"})
asked("request-connection-upgrade-missing", "The Connection field of the request is keep-alive, without upgrade.", REFUSED,
      fields={"Connection": "keep-alive"})
asked("request-key-missing", "The request has no Sec-WebSocket-Key.", REFUSED, fields={"Sec-WebSocket-Key": None})
asked("request-key-repeated", "The request has two Sec-WebSocket-Key fields.", REFUSED,
      extra=[f"Sec-WebSocket-Key: {new_key()}"])
asked("request-key-invalid.word", "The key is a plain word, not base64.", REFUSED, fields={"Sec-WebSocket-Key": "secret!"})
asked("request-key-invalid.hex", "The key is 16 bytes in hexadecimal: as base64 they are 24.", REFUSED,
      fields={"Sec-WebSocket-Key": os.urandom(16).hex()})
asked("request-key-invalid.short", "The key is base64 of 15 bytes.", REFUSED,
      fields={"Sec-WebSocket-Key": "c2hvcnQgb2Ygb25lLi4u"})
accepted("request-key-invalid.accepted", "The key is base64 of 15 bytes, and a lenient server accepts it.",
         fields={"Sec-WebSocket-Key": "c2hvcnQgb2Ygb25lLi4u"})
asked("request-key-not-canonical", "The key decodes to 16 bytes, but the unused bits of its last character are not zero.",
      fields={"Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAB=="})


@capture("request-key-reused", "A client opens two connections with the same key.",
         by_client("request-key-reused", connection=2))
def key_reused(stage):
    key = {"Sec-WebSocket-Key": new_key()}
    for _ in range(2):
        client, server = stage.raw()
        shake(client, server, request(key))
        chat(client, server)
        part(client, server)


asked("request-version-missing", "The request has no Sec-WebSocket-Version.", REFUSED, fields={"Sec-WebSocket-Version": None})
asked("request-version-unsupported", "The version is 12, which is reserved and was used by no draft.", REFUSED,
      fields={"Sec-WebSocket-Version": "12"})
asked("request-version-draft.hybi-08", "The version is 8, as of the drafts hybi-08 to hybi-12; the server refuses it.", REFUSED,
      fields={"Sec-WebSocket-Version": "8", "Sec-WebSocket-Origin": "http://127.0.0.1"})
accepted("request-version-draft.hybi-08-accepted",
         "The version is 8, as of the drafts hybi-08 to hybi-12; the server accepts it.",
         fields={"Sec-WebSocket-Version": "8", "Sec-WebSocket-Origin": "http://127.0.0.1"})
asked("request-version-draft.hybi-07", "The version is 7, as of the draft hybi-07; the server refuses it.", REFUSED,
      fields={"Sec-WebSocket-Version": "7", "Sec-WebSocket-Origin": "http://127.0.0.1"})


@capture("request-version-draft.hixie-76", "The request of draft hixie-76: two keys in fields, and eight bytes after the head.",
         by_client("request-version-draft"), REFUSED)
def hixie(stage):
    # The keys are those of the example in draft-ietf-hybi-thewebsocketprotocol-00 §1.2.
    client, server = stage.raw()
    client.send(b"GET /chat HTTP/1.1\r\nHost: 127.0.0.1:8080\r\nConnection: Upgrade\r\n"
                b"Sec-WebSocket-Key2: 12998 5 Y3 1  .P00\r\nUpgrade: WebSocket\r\n"
                b"Sec-WebSocket-Key1: 4 @1  46546xW%0l 1 5\r\nOrigin: http://127.0.0.1\r\n\r\n^n:ds[4U")
    server.read_head()
    server.read(8)
    refuse(client, server, "400 Bad Request")


asked("request-protocol-repeated", "The request offers the subprotocol chat twice.",
      fields={"Sec-WebSocket-Protocol": "chat, superchat, chat"})
accepted("request-protocol-malformed", "An offered subprotocol is no token: it holds a space.",
         fields={"Sec-WebSocket-Protocol": "chat room"})
accepted("request-protocol-malformed.empty", "The field Sec-WebSocket-Protocol of the request is empty.",
         fields={"Sec-WebSocket-Protocol": ""})
asked("request-extensions-malformed", "In the offered extensions, a parameter has no name.", REFUSED,
      fields={"Sec-WebSocket-Extensions": "permessage-deflate; =10"})
accepted("request-extensions-malformed.empty", "In the offered extensions, a parameter is missing after a semicolon.",
         fields={"Sec-WebSocket-Extensions": "permessage-deflate;; client_max_window_bits"})
for variant, parameters, about in (
    ("unknown", "max_window_bits=10", "has a parameter that does not exist"),
    ("repeated", "client_max_window_bits; client_max_window_bits", "has the same parameter twice"),
    ("bits-7", "server_max_window_bits=7", "asks for a window of 7 bits"),
    ("bits-16", "client_max_window_bits=16", "speaks of a window of 16 bits"),
    ("no-value", "server_max_window_bits", "has server_max_window_bits without a value"),
    ("unexpected-value", "server_no_context_takeover=1", "gives server_no_context_takeover a value"),
):
    asked(f"request-deflate-invalid.{variant}", f"The offer of permessage-deflate {about}.",
          fields={"Sec-WebSocket-Extensions": f"permessage-deflate; {parameters}"})

# Heads that are badly written

accepted("http-bare-line-feed.request", "A line of the request ends with a line feed alone.", extra=["User-Agent: old\nX-Id: 7"])


@capture("http-bare-line-feed.whole-request", "All lines of the request end with a line feed alone.",
         by_client("http-bare-line-feed"))
def bare_request(stage):
    client, server = stage.raw()
    shake(client, server, request().replace(b"\r\n", b"\n"))
    chat(client, server)
    part(client, server)


accepted("http-folded-line.request", "A field of the request goes on in the next line.", extra=["X-Note: one,", "\ttwo"])
accepted("http-space-before-colon.request", "In the request, a space stands before a colon.", extra=["X-Id : 7"])
accepted("http-line-malformed.request", "A line of the request has no colon.", extra=["nothing to see here"])
