"""wamp.pcap: crossbar and clients of autobahn, in JSON, MessagePack and CBOR: registrations, calls, one that fails and one of
a procedure that there is not, subscriptions and events; each message as autobahn sends it, and as it reads it."""

import asyncio
import json
import subprocess
import tempfile
import time
from pathlib import Path

from autobahn.asyncio.wamp import ApplicationSession
from autobahn.asyncio.websocket import WampWebSocketClientFactory
from autobahn.wamp import message as messages
from autobahn.wamp.exception import ApplicationError
from autobahn.wamp.serializer import CBORSerializer, JsonSerializer, MsgPackSerializer
from autobahn.wamp.types import ComponentConfig, PublishOptions

from recording import Recording
from sample import running, wait_until_open

PORT = 8765
ANSWERS = {
    "WELCOME": "HELLO", "RESULT": "CALL", "SUBSCRIBED": "SUBSCRIBE", "UNSUBSCRIBED": "UNSUBSCRIBE",
    "PUBLISHED": "PUBLISH", "REGISTERED": "REGISTER", "UNREGISTERED": "UNREGISTER", "YIELD": "INVOCATION",
}
CONFIGURATION = {
    "version": 2,
    "controller": {},
    "workers": [{
        "type": "router",
        "realms": [{
            "name": "harbour",
            "roles": [{
                "name": "anonymous",
                "permissions": [{
                    "uri": "", "match": "prefix",
                    "allow": {"call": True, "register": True, "publish": True, "subscribe": True},
                    "disclose": {"caller": False, "publisher": False}, "cache": True,
                }],
            }],
        }],
        "transports": [{
            "type": "websocket",
            "endpoint": {"type": "tcp", "port": PORT, "interface": "127.0.0.1"},
            "serializers": ["json", "msgpack", "cbor"],
            "options": {"auto_ping_interval": 0},
        }],
    }],
}


class Log:
    """What both sides say, by autobahn's own words for messages."""

    def __init__(self, connection):
        self.connection = connection
        self.asked = {}
        self.topics = {}

    def record(self, sender, message):
        other = "server" if sender == "client" else "client"
        kind = type(message).__name__.upper()
        id = getattr(message, "request", None)
        name = getattr(message, "procedure", None) or getattr(message, "topic", None)
        answers = ANSWERS.get(kind)
        failed = kind == "ERROR"
        if kind == "HELLO":
            name = message.realm
        elif kind == "WELCOME":
            id = message.session
        elif kind == "GOODBYE":
            name = message.reason
        elif kind == "EVENT":
            name = self.topics[message.subscription]
        elif failed:
            answers = {48: "CALL", 68: "INVOCATION"}[message.request_type]
        if answers and answers != "HELLO":
            name = self.asked[other, id]
        elif id is not None and kind not in ("WELCOME", "EVENT"):
            self.asked[sender, id] = name
        if kind == "SUBSCRIBED":
            self.topics[message.subscription] = name
        self.connection.log(sender, kind, name=name, id=id, error=failed, answers=answers)


class Session(ApplicationSession):
    def __init__(self, log):
        super().__init__(ComponentConfig("harbour"))
        self.said = log
        self.done = asyncio.get_running_loop().create_future()

    def onOpen(self, transport):
        send = transport.send

        def watched(message):
            self.said.record("client", message)
            send(message)

        transport.send = watched
        return super().onOpen(transport)

    def onMessage(self, message):
        self.said.record("server", message)
        return super().onMessage(message)

    async def onJoin(self, details):
        came = asyncio.Event()

        def add(a, b):
            return a + b

        def sink():
            raise ApplicationError("harbour.unsinkable", "the ship is unsinkable")

        subscription = await self.subscribe(lambda *_: came.set(), "harbour.tide")
        registration = await self.register(add, "harbour.add")
        await self.register(sink, "harbour.sink")
        await self.publish("harbour.tide", "low", options=PublishOptions(acknowledge=True, exclude_me=False))
        await came.wait()
        assert await self.call("harbour.add", 2, 3) == 5
        for procedure in ("harbour.sink", "harbour.nowhere"):
            try:
                await self.call(procedure)
                raise SystemExit("nothing failed")
            except ApplicationError as error:
                assert error.error in ("harbour.unsinkable", "wamp.error.no_such_procedure"), error
        await registration.unregister()
        await subscription.unsubscribe()
        self.leave()

    def onLeave(self, details):
        self.disconnect()

    def onDisconnect(self):
        self.done.set_result(None)


async def main(recording):
    loop = asyncio.get_running_loop()
    for serializer in (JsonSerializer(), MsgPackSerializer(), CBORSerializer()):
        session = Session(Log(recording.connection()))
        factory = WampWebSocketClientFactory(
            lambda: session, url=f"ws://127.0.0.1:{PORT}/", serializers=[serializer], loop=loop)
        transport, _ = await loop.create_connection(factory, "127.0.0.1", PORT)
        await asyncio.wait_for(session.done, 20)
        await asyncio.sleep(0.2)
        transport.close()


with tempfile.TemporaryDirectory() as folder:
    configuration = Path(folder) / "config.json"
    configuration.write_text(json.dumps(CONFIGURATION))
    crossbar = Path(__file__).resolve().parent.parent / ".venv-wamp/bin/crossbar"
    with running(
            [crossbar, "start", "--cbdir", folder], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL):
        wait_until_open(PORT, seconds=60)
        time.sleep(1)
        with Recording(
                "wamp", [PORT], "crossbar 26.10.1, autobahn 26.10.2", "wamp", ["application-error"]) as recording:
            asyncio.run(main(recording))
