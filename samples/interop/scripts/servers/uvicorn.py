"""Uvicorn, with the WebSocket library of the parameter `ws`: 1 is websockets, 2 its sans-I/O part, 3 wsproto."""

import uvicorn

import asgi
import peer

parameters = peer.parameters()
library = {1: "websockets", 2: "websockets-sansio", 3: "wsproto"}[parameters["ws"]]
peer.version("uvicorn")
peer.version(library.removesuffix("-sansio"))
uvicorn.run(asgi.application, host=peer.HOST, port=peer.port(), ws=library, log_level="warning", lifespan="off",
            ws_per_message_deflate=parameters.get("deflate", False))
