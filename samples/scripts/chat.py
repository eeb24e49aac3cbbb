"""chat.pcap: a short chat between a `websockets` client and server, closed cleanly."""

import asyncio
import base64
import json

from websockets.asyncio.client import connect
from websockets.asyncio.server import serve

from sample import FrameLog, Sample, agreed, truth

PORT = 8765
PROTOCOL = "chat.v1"

# A picture of one pixel: the smallest honest attachment.
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==")


def line(type, **fields):
    return json.dumps({"type": type, **fields}, ensure_ascii=False)


WELCOME = line("welcome", room="harbour", members=["Kofi", "Łucja"])
HISTORY = [
    line("message", id=101, sender="Kofi", text="The 14:20 ferry is late again."),
    line("message", id=102, sender="Łucja", text="Dzień dobry! Fog over the whole strait 🌫️"),
    line("message", id=103, sender="Kofi", text="Then there is time for coffee."),
]
ANSWERS = {
    "join": [WELCOME, *HISTORY],
    "typing": [line("typing", sender="Łucja")],
    "message": [
        line("receipt", id=104, read_by=["Kofi", "Łucja"]),
        line("message", id=105, sender="Łucja", text="Two at the window, by the old crane ⚓"),
    ],
    "photo": [line("message", id=106, sender="Kofi", text="What a tiny picture 😄")],
    "reaction": [line("reaction", id=105, emoji="👍", count=3)],
    "leave": [line("left", sender="Inés", members=["Kofi", "Łucja"])],
}
CLIENT_SAYS = [
    line("join", room="harbour", name="Inés"),
    line("typing", sender="Inés"),
    line("message", sender="Inés", text="On my way. Save me a seat, 谢谢! ☕"),
    line("photo", name="pier.png", bytes=len(PNG)),
    line("reaction", id=105, emoji="👍"),
    line("leave", room="harbour"),
]


async def room(connection):
    async for message in connection:
        if isinstance(message, bytes):
            await connection.send(message)
            continue
        for answer in ANSWERS[json.loads(message)["type"]]:
            await connection.send(answer)
            await asyncio.sleep(0.02)


async def visit(connection):
    for message in CLIENT_SAYS:
        type = json.loads(message)["type"]
        await connection.send(message)
        for _ in ANSWERS[type]:
            await connection.recv()
        if type == "photo":
            await connection.send(PNG)
            assert await connection.recv() == PNG
        if type == "message":
            await (await connection.ping(b"still foggy?"))
        await asyncio.sleep(0.1)
    await connection.close(1000, "see you at the pier")


async def chat():
    client, server = FrameLog("client"), FrameLog("server")
    plain = dict(compression=None, ping_interval=None, subprotocols=[PROTOCOL])
    async with serve(room, "127.0.0.1", PORT, logger=server.logger, **plain):
        async with connect(f"ws://127.0.0.1:{PORT}/rooms/harbour", origin="http://harbour.example",
                           logger=client.logger, proxy=None, **plain) as connection:
            await visit(connection)
    return truth(
        connections=1,
        from_client=agreed(client.sent, server.received),
        from_server=agreed(server.sent, client.received),
        subprotocol=connection.subprotocol,
        close={"code": connection.close_code, "reason": connection.close_reason},
        messages_from_client=CLIENT_SAYS,
    )


with Sample("chat", ports=[PORT]) as sample:
    sample.truth = asyncio.run(chat())
