"""socketio.pcap: python-socketio's server and client, events, acks, binary attachments, namespaces, a refusal; what the
server's log of Engine.IO says, decoded by python-socketio itself."""

import asyncio
import logging

import socketio
from aiohttp import web
from socketio.packet import Packet

from recording import Recording, listen

PORT = 8765
KINDS = ["connect", "disconnect", "event", "ack", "connect_error", "binary_event", "binary_ack"]


class Log(logging.Handler):
    """Each packet that the server says it received or sent, by the Engine.IO session."""

    def __init__(self, recording):
        super().__init__()
        self.recording = recording
        self.connections = {}
        self.attachments = {}
        self.asked = {}

    def emit(self, record):
        if not record.msg.startswith(("%s: Received packet", "%s: Sending packet")):
            return
        session, kind, data = record.args
        sender = "client" if "Received" in record.msg else "server"
        if session not in self.connections:
            self.connections[session] = self.recording.connection()
        connection = self.connections[session]
        if kind != "MESSAGE":
            id = session if kind == "OPEN" else None
            return connection.log(sender, kind.lower(), id=id, answers="ping" if kind == "PONG" else None)
        key = (session, sender)
        if data == "<binary>":
            waiting, name = self.attachments[key]
            self.attachments[key] = (waiting - 1, name)
            return connection.log(sender, "attachment", name=name)
        packet = Packet(encoded_packet=data)
        kind = KINDS[packet.packet_type]
        name = packet.data[0] if kind in ("event", "binary_event") else None
        other = "server" if sender == "client" else "client"
        answers = None
        if kind in ("event", "binary_event") and packet.id is not None:
            self.asked[session, sender, packet.namespace, packet.id] = (kind, name)
        elif kind in ("ack", "binary_ack"):
            answers, name = self.asked[session, other, packet.namespace, packet.id]
        elif kind in ("connect", "connect_error") and sender == "server":
            answers = "connect"
        if packet.attachment_count:
            self.attachments[key] = (packet.attachment_count, name)
        connection.log(sender, kind, name=name, id=packet.id, error=kind == "connect_error", answers=answers)


async def main(recording):
    logger = listen("engineio.harbour", Log(recording), logging.INFO)
    server = socketio.AsyncServer(
        async_mode="aiohttp", ping_interval=1, ping_timeout=5, engineio_logger=logger, namespaces="*")
    application = web.Application()
    server.attach(application)

    @server.event
    async def chat(session, text):
        await server.emit("picture", {"name": "pier.png", "data": b"\x89PNG\x00"}, to=session)
        return "read", len(text)

    @server.on("upload", namespace="/")
    async def upload(session, data):
        return data[::-1]

    @server.on("connect", namespace="/crew")
    async def connect(session, environment, auth):
        if auth != {"token": "let me in"}:
            raise socketio.exceptions.ConnectionRefusedError("who are you?")

    @server.on("hello", namespace="/crew")
    async def hello(session):
        return "ahoy"

    runner = web.AppRunner(application)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", PORT).start()
    client = socketio.AsyncClient()
    await client.connect(
        f"http://127.0.0.1:{PORT}", transports=["websocket"], namespaces=["/", "/crew"], auth={"token": "let me in"})
    await client.call("chat", "The ferry is late again.")
    await client.call("upload", b"\x01\x02\x03")
    await client.emit("typing", {"who": "Inés"})
    await client.call("hello", namespace="/crew")
    await asyncio.sleep(2.3)
    await client.disconnect()
    stranger = socketio.AsyncClient()
    try:
        await stranger.connect(f"http://127.0.0.1:{PORT}", transports=["websocket"], namespaces=["/crew"])
        raise SystemExit("nobody was refused")
    except socketio.exceptions.ConnectionError:
        pass
    await stranger.disconnect()
    await asyncio.sleep(0.5)
    await runner.cleanup()


with Recording(
        "socketio", [PORT], "python-socketio 5.18.1, python-engineio 4.15.1", "socket.io", ["application-error"]) as recording:
    asyncio.run(main(recording))
