"""xmpp.pcap: prosody's mod_websocket and a client: authentication that fails and succeeds, queries that are answered and one
that is refused; what the client sent, and what came, read by Python's parser of XML."""

import asyncio
import base64
import subprocess
import tempfile
import xml.etree.ElementTree as xml
from pathlib import Path

from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from recording import Recording
from sample import running, wait_until_open

PORT = 8765
CONFIGURATION = """
pidfile = "%(folder)s/prosody.pid"
data_path = "%(folder)s"
run_as_root = true
daemonize = false
interfaces = { "127.0.0.1" }
http_ports = { 8765 }
http_interfaces = { "127.0.0.1" }
https_ports = {}
c2s_ports = {}
s2s_ports = {}
consider_websocket_secure = true
modules_enabled = { "websocket", "saslauth", "disco", "ping", "roster" }
modules_disabled = { "s2s", "tls", "c2s_limits" }
authentication = "internal_plain"
log = { error = "%(folder)s/log" }
VirtualHost "harbour.example"
"""
FRAMING = 'xmlns="urn:ietf:params:xml:ns:xmpp-framing"'
SASL = 'xmlns="urn:ietf:params:xml:ns:xmpp-sasl"'


def local(tag):
    return tag.rpartition("}")[2]


class Client:
    def __init__(self, socket, connection):
        self.socket, self.connection = socket, connection
        self.asked = set()

    async def send(self, text):
        root = xml.fromstring(text)
        kind, id = local(root.tag), root.get("id")
        name = root.get("mechanism") if kind == "auth" else root.get("to") if kind == "open" else root.get("type")
        if kind == "iq":
            self.asked.add(id)
        self.connection.log("client", kind, name=name, id=id)
        await self.socket.send(text)

    async def receive(self):
        root = xml.fromstring(await self.socket.recv())
        kind, type = local(root.tag), root.get("type")
        failed = type == "error" or kind == "failure"
        answers = None
        if kind == "open":
            answers = "open"
        elif kind == "iq" and root.get("id") in self.asked:
            answers = "iq"
        name = root.get("from") if kind == "open" else local(root[0].tag) if kind == "failure" else type
        self.connection.log("server", kind, name=name, id=root.get("id"), error=failed, answers=answers)
        return kind

    async def until(self, kind):
        while await self.receive() != kind:
            pass

    async def open(self):
        await self.send(f'<open {FRAMING} to="harbour.example" version="1.0"/>')
        await self.until("features")

    async def authenticate(self, password):
        secret = base64.b64encode(b"\0ines\0" + password).decode()
        await self.send(f'<auth {SASL} mechanism="PLAIN">{secret}</auth>')
        return await self.receive()

    async def ask(self, text):
        await self.send(text)
        await self.until("iq")


async def main(recording):
    async with connect(
            f"ws://127.0.0.1:{PORT}/xmpp-websocket", subprotocols=["xmpp"], ping_interval=None, compression=None,
            additional_headers={"Host": "harbour.example"}) as socket:
        client = Client(socket, recording.connection())
        await client.open()
        assert await client.authenticate(b"a wrong word") == "failure"
        assert await client.authenticate(b"a secret word") == "success"
        await client.open()
        await client.ask('<iq xmlns="jabber:client" type="set" id="bind"><bind xmlns="urn:ietf:params:xml:ns:xmpp-bind"><resource>pier</resource></bind></iq>')
        await client.send('<presence xmlns="jabber:client"/>')
        await client.receive()
        await client.ask('<iq xmlns="jabber:client" type="get" id="disco" to="harbour.example"><query xmlns="http://jabber.org/protocol/disco#info"/></iq>')
        await client.ask('<iq xmlns="jabber:client" type="get" id="ping" to="harbour.example"><ping xmlns="urn:xmpp:ping"/></iq>')
        await client.ask('<iq xmlns="jabber:client" type="get" id="tide" to="harbour.example"><query xmlns="urn:example:tide"/></iq>')
        await client.send('<message xmlns="jabber:client" to="ines@harbour.example" type="chat"><body>Save me a seat &lt;3</body></message>')
        await client.receive()
        await client.send(f"<close {FRAMING}/>")
        try:
            await client.until("close")
        except ConnectionClosed:
            pass


with tempfile.TemporaryDirectory() as folder:
    configuration = Path(folder) / "prosody.cfg.lua"
    configuration.write_text(CONFIGURATION % {"folder": folder})
    subprocess.run(
        ["prosodyctl", "--root", "--config", configuration, "register", "ines", "harbour.example", "a secret word"], check=True,
        stdout=subprocess.DEVNULL)
    with running(["prosody", "--root", "--config", configuration]):
        wait_until_open(PORT)
        with Recording("xmpp", [PORT], "prosody 0.12.3, websockets 17.4", "xmpp", ["application-error"]) as recording:
            asyncio.run(main(recording))
