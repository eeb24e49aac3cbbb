"""jupyter.pcap: jupyter-server with a Python kernel and a client, in both forms: code that runs, and code that fails; what the
client sent, and what came, as jupyter_server's own decoder reads it."""

import asyncio
import json
import os
import subprocess
import sys
import tempfile
import urllib.request
import uuid
from datetime import datetime, timezone

from jupyter_server.services.kernels.connection.base import deserialize_msg_from_ws_v1, serialize_msg_to_ws_v1
from websockets.asyncio.client import connect

from recording import Recording
from sample import running, wait_until_open

PORT, TOKEN = 8765, "letmein"


def post(path, body):
    request = urllib.request.Request(
        f"http://127.0.0.1:{PORT}{path}", data=json.dumps(body).encode(), method="POST",
        headers={"Authorization": f"token {TOKEN}", "Content-Type": "application/json"})
    with urllib.request.urlopen(request) as response:
        return json.load(response)


class Client:
    def __init__(self, socket, connection):
        self.socket, self.connection = socket, connection
        self.session = uuid.uuid4().hex
        self.asked = {}

    async def ask(self, kind, content):
        id = uuid.uuid4().hex
        header = {
            "msg_id": id, "msg_type": kind, "username": "ines", "session": self.session, "version": "5.3",
            "date": datetime.now(timezone.utc).isoformat(),
        }
        message = {"header": header, "parent_header": {}, "metadata": {}, "content": content, "buffers": []}
        self.connection.log("client", kind, name="shell", id=id)
        self.asked[id] = kind
        if self.socket.subprotocol:
            parts = [json.dumps(message[name]).encode() for name in ("header", "parent_header", "metadata", "content")]
            await self.socket.send(serialize_msg_to_ws_v1(parts, "shell"))
        else:
            await self.socket.send(json.dumps({**message, "channel": "shell"}))
        replied = idle = False
        while not (replied and idle):
            channel, header, parent, content = self.read(await self.socket.recv())
            kind, mine = header["msg_type"], parent.get("msg_id") == id
            isReply = kind.endswith("_reply") and mine
            failed = isReply and content.get("status") == "error"
            self.connection.log(
                "server", kind, name=channel, id=header["msg_id"], error=failed,
                answers=self.asked[id] if isReply else None)
            replied = replied or isReply
            idle = idle or (mine and kind == "status" and content["execution_state"] == "idle")

    def read(self, data):
        if isinstance(data, str):
            message = json.loads(data)
            return message["channel"], message["header"], message["parent_header"], message["content"]
        channel, parts = deserialize_msg_from_ws_v1(data)
        header, parent, _, content = (json.loads(bytes(part)) for part in parts[:4])
        return channel, header, parent, content


async def talk(recording, kernel, subprotocols):
    url = f"ws://127.0.0.1:{PORT}/api/kernels/{kernel}/channels"
    async with connect(
            url, subprotocols=subprotocols, ping_interval=None, compression=None,
            additional_headers={"Authorization": f"token {TOKEN}"}) as socket:
        client = Client(socket, recording.connection())
        await client.ask("kernel_info_request", {})
        for code in ("print(6 * 7)", "1 / 0"):
            await client.ask(
                "execute_request",
                {"code": code, "silent": False, "store_history": True, "user_expressions": {}, "allow_stdin": False})


with tempfile.TemporaryDirectory() as folder:
    command = [
        sys.executable, "-m", "jupyter_server", "--allow-root", "--no-browser", f"--port={PORT}", "--ip=127.0.0.1",
        f"--IdentityProvider.token={TOKEN}", f"--ServerApp.root_dir={folder}",
        "--ZMQChannelsWebsocketConnection.limit_rate=False",
    ]
    environment = {**os.environ, "HOME": folder, "JUPYTER_RUNTIME_DIR": folder}
    with running(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment):
        wait_until_open(PORT)
        kernel = post("/api/kernels", {"name": "python3"})["id"]
        with Recording(
                "jupyter", [PORT], "jupyter-server 2.21.1, ipykernel, websockets 17.4", "jupyter",
                ["application-error"]) as recording:
            asyncio.run(talk(recording, kernel, None))
            asyncio.run(talk(recording, kernel, ["v1.kernel.websocket.jupyter.org"]))
