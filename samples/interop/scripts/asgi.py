"""The ASGI application that several servers run: it knows nothing but messages."""

import peer


async def application(scope, receive, send):
    if scope["type"] != "websocket":
        return
    await receive()
    await send({"type": "websocket.accept"})
    while (event := await receive())["type"] == "websocket.receive":
        message = event["text"] if event.get("text") is not None else event["bytes"]
        peer.got(message)
        if end := peer.parting(message):
            await send({"type": "websocket.close", "code": end[0], "reason": end[1]})
        else:
            await send({"type": "websocket.send", "text" if isinstance(message, str) else "bytes": message})
    peer.closed(event["code"])
