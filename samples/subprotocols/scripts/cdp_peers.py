"""cdp.pcap: Chromium's DevTools and a client: calls in two sessions, events, a method that there is not; what the client sent,
and what came, as Python's parser of JSON reads it."""

import asyncio
import json
import subprocess
import tempfile
import time
import urllib.request

from websockets.asyncio.client import connect

from recording import Recording
from sample import running, wait_until_open

PORT = 8765


class Client:
    def __init__(self, socket, connection):
        self.socket, self.connection = socket, connection
        self.number = 0
        self.methods = {}

    async def call(self, method, session=None, **parameters):
        self.number += 1
        message = {"id": self.number, "method": method, "params": parameters}
        if session:
            message["sessionId"] = session
        self.methods[self.number] = method
        self.connection.log("client", "request", name=method, id=self.number)
        await self.socket.send(json.dumps(message))
        while True:
            answer = json.loads(await self.socket.recv())
            self.log(answer)
            if answer.get("id") == self.number:
                return answer.get("result")

    def log(self, message):
        if "id" not in message:
            return self.connection.log("server", "event", name=message["method"])
        failed = "error" in message
        self.connection.log(
            "server", "error" if failed else "response", name=self.methods[message["id"]], id=message["id"], error=failed,
            answers="request")


async def main(recording, url):
    async with connect(url, ping_interval=None, compression=None, max_size=None) as socket:
        client = Client(socket, recording.connection())
        await client.call("Browser.getVersion")
        target = (await client.call("Target.createTarget", url="about:blank"))["targetId"]
        session = (await client.call("Target.attachToTarget", targetId=target, flatten=True))["sessionId"]
        await client.call("Runtime.enable", session)
        await client.call("Runtime.evaluate", session, expression="6 * 7")
        await client.call("Harbour.sink", session)
        await client.call("Target.closeTarget", targetId=target)


def find():
    with urllib.request.urlopen(f"http://127.0.0.1:{PORT}/json/version") as response:
        return json.load(response)["webSocketDebuggerUrl"]


with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
    command = [
        "chromium", "--headless", "--no-sandbox", "--disable-gpu", f"--remote-debugging-port={PORT}",
        f"--user-data-dir={folder}", "about:blank",
    ]
    with running(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL):
        wait_until_open(PORT)
        time.sleep(1)
        url = find()
        with Recording("cdp", [PORT], "Chromium, websockets 17.4", "cdp", ["application-error"]) as recording:
            asyncio.run(main(recording, url))
