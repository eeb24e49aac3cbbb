"""graphql.pcap: gql's client and strawberry's server, in both subprotocols: a query, a subscription, errors; what the client
logs."""

import asyncio
import json
import logging

import strawberry
from aiohttp import web
from gql import Client, gql
from gql.transport.exceptions import TransportQueryError
from gql.transport.websockets import WebsocketsTransport
from strawberry.aiohttp.views import GraphQLView

from recording import Recording, listen

PORT = 8765


@strawberry.type
class Query:
    @strawberry.field
    def ferry(self) -> str:
        return "late"

    @strawberry.field
    def sunk(self) -> str:
        raise ValueError("no such ship")


@strawberry.type
class Subscription:
    @strawberry.subscription
    async def count(self, up_to: int) -> int:
        for number in range(up_to):
            yield number
            await asyncio.sleep(0.05)


class Log(logging.Handler):
    """Each message that the client says it sent or received."""

    def __init__(self):
        super().__init__()
        self.connection = None
        self.names = {}
        self.asked = {}

    def emit(self, record):
        if record.msg not in (">>> %s", "<<< %s"):
            return
        message = json.loads(record.args[0])
        sender = "client" if record.msg == ">>> %s" else "server"
        kind, id = message["type"], message.get("id")
        answers = None
        if kind in ("subscribe", "start"):
            self.names[id], self.asked[id] = message["payload"].get("operationName"), kind
        elif kind == "connection_ack":
            answers = "connection_init"
        elif kind == "pong":
            answers = "ping"
        elif sender == "server" and id is not None:
            answers = self.asked[id]
        payload = message.get("payload")
        failed = kind == "error" or (isinstance(payload, dict) and bool(payload.get("errors")))
        name = self.names.get(id) if sender == "server" or kind in ("subscribe", "start") else None
        self.connection.log(sender, kind, name=name, id=id, error=failed, answers=answers)


async def talk(subprotocol):
    transport = WebsocketsTransport(
        f"ws://127.0.0.1:{PORT}/graphql", subprotocols=[subprotocol], init_payload={"Authorization": "Bearer of bad news"})
    async with Client(transport=transport) as session:
        # Over the older subprotocol strawberry has subscriptions alone.
        if subprotocol == "graphql-transport-ws":
            await session.execute(gql("query Ferry { ferry }"))
        async for _ in session.subscribe(gql("subscription Count { count(upTo: 3) }")):
            pass
        for query in ("query Sunk { sunk }", "query Wrong { nothing }"):
            try:
                await session.execute(gql(query))
                raise SystemExit("nothing failed")
            except TransportQueryError:
                pass
            if subprotocol == "graphql-ws":
                break
        await asyncio.sleep(0.1)


async def main(recording):
    handler = Log()
    for name in ("gql.transport.websockets", "gql.transport.common.base", "gql.transport.websockets_protocol"):
        listen(name, handler, logging.DEBUG)
    application = web.Application()
    application.router.add_route(
        "*", "/graphql", GraphQLView(schema=strawberry.Schema(query=Query, subscription=Subscription)))
    runner = web.AppRunner(application)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", PORT).start()
    for subprotocol in ("graphql-transport-ws", "graphql-ws"):
        handler.connection = recording.connection()
        handler.names, handler.asked = {}, {}
        await talk(subprotocol)
    await runner.cleanup()


with Recording(
        "graphql", [PORT], "gql 4.4.0, strawberry-graphql 0.341.2", "graphql", ["application-error"]) as recording:
    asyncio.run(main(recording))
