"""jsonrpc.pcap: a language server of pygls and its client: requests of both sides, notifications, an error; what pygls decodes
on the server's side and sends."""

import asyncio
import json
import threading

from lsprotocol import types
from pygls.io_ import run_websocket
from pygls.lsp.client import LanguageClient
from pygls.lsp.server import LanguageServer
from websockets.asyncio.server import serve

from recording import Recording

PORT = 8765


class Log:
    """Each message that a side says it sends; what it receives, the other one has sent."""

    def __init__(self, connection):
        self.connection = connection
        self.asked = {}

    def record(self, sender, body):
        message = json.loads(body)
        other = "server" if sender == "client" else "client"
        id = message.get("id")
        if "method" in message:
            kind = "notification" if id is None else "request"
            if id is not None:
                self.asked[sender, id] = message["method"]
            return self.connection.log(sender, kind, name=message["method"], id=id)
        kind = "error" if "error" in message else "response"
        self.connection.log(
            sender, kind, name=self.asked[other, id], id=id, error=kind == "error", answers="request")


def watched(protocol, sender, log):
    """Has each message that a protocol writes logged, in the order in which it is written."""
    write = protocol._send_data

    def send(data):
        body = json.dumps(data, default=protocol._serialize_message)
        log.record(sender, body)
        write(data)

    protocol._send_data = send


def make_server():
    server = LanguageServer("harbour", "1")

    @server.feature(types.TEXT_DOCUMENT_HOVER)
    async def hover(parameters: types.HoverParams):
        await asyncio.sleep(0.05)
        return types.Hover(contents="A bollard, to which ships are tied.")

    @server.feature(types.INITIALIZED)
    def initialized(parameters):
        server.window_log_message(types.LogMessageParams(types.MessageType.Info, "ready"))
        server.workspace_configuration(types.ConfigurationParams([types.ConfigurationItem(section="harbour")]))

    @server.command("sink")
    def sink(*_):
        raise RuntimeError("the ship is unsinkable")

    return server


async def main(recording):
    log = Log(recording.connection())
    server = make_server()
    watched(server.protocol, "server", log)
    sockets = []

    async def accept(socket):
        sockets.append(socket)
        await run_websocket(socket, threading.Event(), server.protocol)

    async with serve(accept, "127.0.0.1", PORT, ping_interval=None, compression=None):
        client = LanguageClient("ship", "1")
        watched(client.protocol, "client", log)

        @client.feature(types.WORKSPACE_CONFIGURATION)
        def configuration(parameters):
            return [{"tide": "low"}]

        await client.start_ws("127.0.0.1", PORT)
        await client.initialize_async(types.InitializeParams(capabilities=types.ClientCapabilities()))
        client.initialized(types.InitializedParams())
        await client.text_document_hover_async(
            types.HoverParams(
                text_document=types.TextDocumentIdentifier("file:///pier"), position=types.Position(0, 3)))
        try:
            await client.workspace_execute_command_async(types.ExecuteCommandParams("sink"))
            raise SystemExit("nothing failed")
        except Exception as error:
            assert "unsinkable" in str(error), error
        await client.shutdown_async(None)
        # Until then the client waits for a message.
        await sockets[0].close()
        await client.stop()


with Recording(
        "jsonrpc", [PORT], "pygls 2.1.1, lsprotocol 2025.0.0", "json-rpc", ["application-error"]) as recording:
    asyncio.run(main(recording))
