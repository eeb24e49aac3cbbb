"""Handshakes that lead nowhere, and one that is overtaken."""

import time

from aiohttp import web

from stage import REFUSED, by_client, by_server, capture, finding, hang_up, part, refuse, shake
from wire import PONG, TEXT, request, response


def read_refusal(client):
    client.send(request())
    client.read_head()
    client.hang_up()


for status, what in (
    (200, "A web server answers the upgrade with a page."),
    (400, "A web server answers the upgrade with 400."),
    (404, "A web server answers the upgrade with 404."),
    (502, "A web server answers the upgrade with 502, as a proxy does whose server is down."),
    (503, "A web server answers the upgrade with 503."),
):

    @capture(f"handshake-refused.{status}", what, REFUSED)
    def _(stage, status=status):
        with stage.http_server(status) as client:
            read_refusal(client)


for status, what, answer in (
    (301, "The server has moved for good.", lambda: web.HTTPMovedPermanently("ws://127.0.0.1:8080/new")),
    (302, "The server sends the client to a login page.", lambda: web.HTTPFound("/login")),
    (307, "The server sends the client to another place for now.", lambda: web.HTTPTemporaryRedirect("/other")),
    (401, "The server asks for a password.",
     lambda: web.HTTPUnauthorized(headers={"WWW-Authenticate": 'Basic realm="chat"'})),
    (403, "The server does not want this client.", web.HTTPForbidden),
):

    @capture(f"handshake-refused.{status}", what, REFUSED)
    def _(stage, answer=answer):
        async def refuse(_):
            raise answer()

        stage.with_aiohttp(refuse, read_refusal)


@capture("handshake-refused.426", "The client asks for version 14; the server answers 426 and names 13 and 8.",
         by_client("request-version-unsupported"), REFUSED)
def upgrade_required(stage):
    client, server = stage.raw()
    client.send(request({"Sec-WebSocket-Version": "14"}))
    server.read_head()
    refuse(client, server, "426 Upgrade Required", "Sec-WebSocket-Version: 13, 8")


@capture("handshake-unanswered", "The server ends the connection without an answer.", finding("handshake-unanswered"))
def unanswered(stage):
    client, server = stage.raw()
    client.send(request())
    server.read_head()
    hang_up(server, client)


@capture("handshake-unanswered.reset", "The client gives up waiting for an answer and resets the connection.",
         finding("handshake-unanswered"))
def unanswered_reset(stage):
    client, server = stage.raw()
    client.send(request())
    server.read_head()
    client.reset()
    server.await_end()


@capture("handshake-data-early", "The client sends a text before the 101; the server reads it after the handshake.",
         by_client("handshake-data-early"))
def early(stage):
    def think(*_):
        time.sleep(0.3)

    with stage.real_server(process_request=think) as client:
        client.send(request())
        time.sleep(0.1)
        client.text("Too early")
        client.read_head()
        client.read_frame()
        client.close()
        client.await_close()
        client.hang_up()


@capture("handshake-data-early.same-segment", "The client sends its request and a text in the same segment.",
         by_client("handshake-data-early"))
def early_at_once(stage):
    client, server = stage.raw()
    client.send(request(), client.make(TEXT, b"Too early"))
    server.send(response(server.read_head()))
    client.read_head()
    server.read_frame()
    server.text("Hello")
    client.read_frame()
    part(client, server)


@capture("response-data-early", "The server sends a pong before its 101.", by_server("response-data-early"))
def stray(stage):
    client, server = stage.raw()
    client.send(request())
    head = server.read_head()
    server.frame(PONG)
    time.sleep(0.1)
    server.send(response(head))
    client.read_frame()
    client.read_head()
    part(client, server)


@capture("http-after-upgrade", "After its 101 the server answers again, with 400, as where two handlers take one upgrade.",
         by_server("http-after-upgrade"), frames=1)
def second_answer(stage):
    client, server = stage.raw()
    shake(client, server)
    client.text("Hello")
    server.read_frame()
    server.send(b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n")
    client.read_head()
    hang_up(server, client)


@capture("http-after-upgrade.request", "After the upgrade the client sends another request.",
         by_client("http-after-upgrade"), frames=1)
def second_request(stage):
    client, server = stage.raw()
    shake(client, server)
    server.text("Hello")
    client.read_frame()
    client.send(b"GET /other HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
    server.read_head()
    hang_up(server, client)


@capture("http-after-upgrade.chunks", "A proxy wraps the server's frames in chunks.",
         by_server("http-after-upgrade"), frames=1)
def chunks(stage):
    client, server = stage.raw()
    shake(client, server)
    client.text("Hello")
    server.read_frame()
    server.send(b"7\r\n" + server.make(TEXT, b"Hello") + b"\r\n")
    client.read(12)
    hang_up(server, client)
