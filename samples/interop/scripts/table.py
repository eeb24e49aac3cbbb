"""Prints the table of `README.md` from `expected.json` and the notes below."""

import json
from pathlib import Path

from pairs import PAIRS

INTEROP = Path(__file__).resolve().parent.parent

NOTES = {
    "websockets-websockets": "asyncio; fragments cut inside a character; a ping",
    "websockets-websockets-server-windows": "each size of window of the server",
    "websockets-websockets-client-windows": "each size of window of the client",
    "websockets-websockets-huge": "67,200 bytes each way in a message, compressed",
    "websockets-sync-websockets-sync": "threads",
    "websockets-legacy-websockets-legacy": "the legacy API",
    "autobahn-autobahn": "messages in fragments that end with an empty frame; a close that is answered with another code",
    "aiohttp-websockets": "a close with a code and no reason",
    "picows-picows": "a library of frames",
    "lomond-aiohttp": "two offers in one header; one is refused",
    "simple-websocket-simple-websocket": "threads on one side, asyncio in aiohttp on the other; on wsproto",
    "httpx-ws-hypercorn": "wsproto on both sides",
    "aiohttp-hypercorn": "Quart; wsproto on the server",
    "websockets-uvicorn-websockets": "ASGI on the legacy API of websockets",
    "websockets-uvicorn-sansio": "ASGI on websockets without its I/O",
    "websockets-uvicorn-wsproto": "ASGI on wsproto",
    "websockets-daphne": "ASGI on Autobahn and Twisted; offers that are refused",
    "websockets-sanic": "offers that are refused",
    "websockets-eventlet": "green threads",
    "websocket-client-websockets": "text and binary in fragments",
    "ws-ws": "a window of 8 bits for the client",
    "gorilla-gorilla": "messages in frames of at most 128 bytes; compression without context takeover",
    "nhooyr-nhooyr": "fragments of compressed messages",
    "chromium-xnet": "the server closes; it never answers a close frame (see below)",
    "mojolicious-mojolicious": "the client hangs up right after its close frame, so it may get no answer",
    "paho-mosquitto": "MQTT in binary messages, subprotocol `mqtt`; MQTT takes leave in its own way: no close frames",
    "socketio-socketio": "Socket.IO; Engine.IO's own pings are texts; a close with a code alone by both",
    "qt-qt": "from Debian's bindings for Python",
    "soup-soup": "from Debian's bindings for Python",
    "faye-js-faye-js": "Node.js",
    "faye-em-websocket": "Ruby, both",
    "websockets-websocket-driver": "Ruby; an offer that is refused",
    "websockets-websocketpp": "C++",
    "websockets-beast": "C++; each kind of parameter",
    "websockets-libwebsockets": "C",
    "websockets-soup": "windows and takeover",
    "firefox-haproxy-beast": "both legs",
}


def row(name, facts):
    note = NOTES.get(name, "both legs of a proxy" if PAIRS[name][0].via else "")
    if facts["violations"]:
        note = "**breaks a rule**, see below"
    if PAIRS[name][0].via:
        via = PAIRS[name][0].via
        note = f"{via} between them, both legs of each connection"
    parameters = []
    for agreed in facts["agreed"]:
        word = agreed.removeprefix("permessage-deflate").lstrip("; ") if agreed else "none"
        word = f"`{word}`" if agreed and word != "" else ("plain" if agreed else "none")
        if word not in parameters:
            parameters.append(word)
    cells = [f"`{name}.pcap`", facts["client"], facts["server"], str(facts["connections"]), note, " · ".join(parameters)]
    return f"| {' | '.join(cells)} |"


expected = json.loads((INTEROP / "expected.json").read_text())
print("| file | client | server | connections | what is special | permessage-deflate |")
print("| --- | --- | --- | ---: | --- | --- |")
for name in PAIRS:
    if f"{name}.pcap" in expected:
        print(row(name, expected[f"{name}.pcap"]))
