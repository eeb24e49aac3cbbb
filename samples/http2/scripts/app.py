"""An ASGI application that sends back what it is sent: text, bytes. `/forbidden` is refused, `/denied` with fields and a body of its own; where `/plain` is asked for a
subprotocol it chooses none. `/wait` takes its time: a browser without a head does not wait for sockets alone. `/sockets` is
a page with more of them, which tells how they closed."""

import asyncio
from pathlib import Path


async def application(scope, receive, send):
    if scope["type"] == "lifespan":
        while True:
            message = await receive()
            await send({"type": message["type"] + ".complete"})
            if message["type"].endswith("shutdown"):
                return
    elif scope["type"] == "http":
        if scope["path"] == "/wait":
            await asyncio.sleep(1.5)
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/html")]})
        await send({"type": "http.response.body", "body": SOCKETS if scope["path"] == "/sockets" else PAGE})
    else:
        await receive()
        if scope["path"] == "/forbidden":
            return await send({"type": "websocket.close"})
        if scope["path"] == "/denied":
            await send({
                "type": "websocket.http.response.start", "status": 403, "headers": [(b"content-type", b"text/plain")]})
            return await send({"type": "websocket.http.response.body", "body": b"members only"})
        offered = scope.get("subprotocols") or [None]
        await send({"type": "websocket.accept", "subprotocol": None if scope["path"] == "/plain" else offered[0]})
        while True:
            message = await receive()
            if message["type"] == "websocket.disconnect":
                return
            if message.get("text") is not None:
                await send({"type": "websocket.send", "text": message["text"]})
            else:
                await send({"type": "websocket.send", "bytes": message["bytes"]})


PAGE = b"""<!doctype html><link rel=icon href=data:,><body></body><script>
fetch("/wait");
["/first", "/second"].forEach(function (path) {
  var socket = new WebSocket("wss://" + location.host + path, ["chat"]);
  function log(text) { document.body.innerText += path + " " + text + "; "; }
  socket.onopen = function () { socket.send("hello on " + path); };
  socket.onmessage = function (event) { log(event.data); socket.close(1000, "bye"); };
  socket.onerror = function () { log("failed"); };
  socket.onclose = function (event) { log(event.code); };
});
</script>"""
SOCKETS = (Path(__file__).resolve().parent / "page.html").read_bytes()
