"""Responses that break a rule: a 101 by a raw server, and a raw client that goes on all the same."""

from stage import by_server, capture, chat, part, shake
from wire import accept_value, new_key, request


def answered(name, what, asked=None, **how):
    @capture(name, what, by_server(name.partition(".")[0]))
    def _(stage):
        client, server = stage.raw()
        shake(client, server, request(asked), **how)
        chat(client, server)
        part(client, server)


answered("response-http-version", "The 101 is HTTP/1.0.", line="HTTP/1.0 101 Switching Protocols")
answered("response-accept-missing", "The 101 has no Sec-WebSocket-Accept.", fields={"Sec-WebSocket-Accept": None})
answered("response-accept-wrong", "The accept value of the 101 answers another key.",
         fields={"Sec-WebSocket-Accept": accept_value(new_key())})


@capture("response-accept-repeated", "The 101 has the right accept value twice.", by_server("response-accept-repeated"))
def accept_repeated(stage):
    client, server = stage.raw()
    key = new_key()
    asked = request({"Sec-WebSocket-Key": key})
    shake(client, server, asked, extra=[f"Sec-WebSocket-Accept: {accept_value(key)}"])
    chat(client, server)
    part(client, server)


answered("response-upgrade-missing", "The 101 has no Upgrade field.", fields={"Upgrade": None})
answered("response-upgrade-wrong.list", "The Upgrade field of the 101 names websocket and h2c.",
         fields={"Upgrade": "websocket, h2c"})
answered("response-upgrade-wrong.h2c-first", "The Upgrade field of the 101 names h2c before websocket.",
         fields={"Upgrade": "h2c, websocket"})
answered("response-upgrade-wrong.repeated", "The 101 has the right Upgrade field twice.", extra=["Upgrade: websocket"])
answered("response-connection-upgrade-missing", "The Connection field of the 101 is keep-alive, without upgrade.",
         fields={"Connection": "keep-alive"})
answered("response-protocol-not-offered", "The server chooses a subprotocol that the client did not offer.",
         asked={"Sec-WebSocket-Protocol": "chat"}, fields={"Sec-WebSocket-Protocol": "superchat"})
answered("response-protocol-not-offered.none", "The server chooses a subprotocol, and the client offered none.",
         fields={"Sec-WebSocket-Protocol": "chat"})
answered("response-protocol-repeated", "The server chooses both subprotocols that the client offered.",
         asked={"Sec-WebSocket-Protocol": "chat, superchat"}, fields={"Sec-WebSocket-Protocol": "chat, superchat"})
answered("response-extension-not-offered", "The server chooses an extension, and the client offered none.",
         fields={"Sec-WebSocket-Extensions": "x-webkit-deflate-frame"})

DEFLATE = {"Sec-WebSocket-Extensions": "permessage-deflate"}

answered("response-extension-repeated", "The server chooses permessage-deflate twice.",
         asked=DEFLATE, fields={"Sec-WebSocket-Extensions": "permessage-deflate, permessage-deflate"})
answered("response-extensions-malformed", "In the chosen extensions, a parameter has no name.",
         asked=DEFLATE, fields={"Sec-WebSocket-Extensions": "permessage-deflate; =12"})

OPEN_OFFER = {"Sec-WebSocket-Extensions": "permessage-deflate; client_max_window_bits"}

for variant, parameters, about in (
    ("unknown", "window=12", "has a parameter that does not exist"),
    ("repeated", "server_no_context_takeover; server_no_context_takeover", "has the same parameter twice"),
    ("bits-7", "server_max_window_bits=7", "names a window of 7 bits"),
    ("bits-16", "client_max_window_bits=16", "names a window of 16 bits"),
    ("leading-zero", "server_max_window_bits=08", "names a window of 08 bits, with a leading zero"),
    ("no-value", "client_max_window_bits", "has client_max_window_bits without a value"),
):
    answered(f"response-deflate-invalid.{variant}", f"The server's permessage-deflate {about}.",
             asked=OPEN_OFFER, fields={"Sec-WebSocket-Extensions": f"permessage-deflate; {parameters}"})

for variant, offer, parameters, about in (
    ("client-window-unoffered", "", "; client_max_window_bits=12", "limits the client's window, which was not offered"),
    ("client-window-larger", "; client_max_window_bits=10", "; client_max_window_bits=12",
     "names a larger window for the client than it offered"),
    ("server-window-larger", "; server_max_window_bits=10", "; server_max_window_bits=12",
     "names a larger window for itself than it was asked for"),
    ("server-window-missing", "; server_max_window_bits=10", "",
     "does not confirm the window that it was asked for"),
    ("context-takeover", "; server_no_context_takeover", "",
     "does not confirm server_no_context_takeover, which it was asked for"),
):
    answered(f"response-deflate-not-allowed.{variant}", f"The server accepts permessage-deflate and {about}.",
             asked={"Sec-WebSocket-Extensions": f"permessage-deflate{offer}"},
             fields={"Sec-WebSocket-Extensions": f"permessage-deflate{parameters}"})

# Fields of a body that a 101 cannot have

answered("response-body-fields.content-length", "The 101 has a Content-Length of 0.", extra=["Content-Length: 0"])
answered("response-body-fields.transfer-encoding", "The 101 says that its body is chunked.",
         extra=["Transfer-Encoding: chunked"])

# Heads that are badly written

answered("http-bare-line-feed.response", "A line of the response ends with a line feed alone.", extra=["Server: old\nX-Id: 7"])
answered("http-folded-line.response", "A field of the response goes on in the next line.", extra=["X-Note: one,", " two"])
answered("http-space-before-colon.response", "In the response, a space stands before a colon.", extra=["X-Id : 7"])
answered("http-line-malformed.response", "A line of the response has no colon.", extra=["nothing to see here"])
