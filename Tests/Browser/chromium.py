"""A headless Chromium, driven through the DevTools protocol. It needs the Debian packages chromium and python3-websockets."""

import asyncio
import base64
import contextlib
import json
import pathlib
import subprocess
import tempfile
import time
from urllib.request import Request, urlopen

import websockets


class Page:
    """One page of a browser, through its DevTools."""

    def __init__(self, socket):
        self.socket, self.count, self.waiting = socket, 0, {}
        self.errors, self.requests = [], []

    async def listen(self):
        async for text in self.socket:
            message = json.loads(text)
            if "id" in message:
                self.waiting.pop(message["id"]).set_result(message)
            elif message["method"] == "Runtime.exceptionThrown":
                self.errors.append(message["params"]["exceptionDetails"])
            elif message["method"] == "Log.entryAdded":
                self.errors.append(message["params"]["entry"])
            elif message["method"] == "Runtime.consoleAPICalled" and message["params"]["type"] in ("error", "warning"):
                self.errors.append(message["params"])
            elif message["method"] == "Network.requestWillBeSent":
                self.requests.append(message["params"]["request"]["url"])

    async def send(self, method, **parameters):
        self.count += 1
        answer = self.waiting[self.count] = asyncio.get_running_loop().create_future()
        await self.socket.send(json.dumps({"id": self.count, "method": method, "params": parameters}))
        message = await asyncio.wait_for(answer, 120)
        if "error" in message:
            raise RuntimeError(f"{method}: {message['error']}")
        return message["result"]

    async def value(self, expression):
        answer = await self.send("Runtime.evaluate", expression=expression, awaitPromise=True, returnByValue=True)
        if "exceptionDetails" in answer:
            raise RuntimeError(f"{expression}: {answer['exceptionDetails']}")
        return answer["result"].get("value")

    async def until(self, expression, seconds=15):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if value := await self.value(expression):
                return value
            await asyncio.sleep(0.02)
        raise TimeoutError(f"{expression}: {json.dumps(self.errors)}")

    async def press(self, key, text=""):
        code = 13 if key == "Enter" else 0
        for kind in ("keyDown", "keyUp"):
            await self.send("Input.dispatchKeyEvent", type=kind, key=key, windowsVirtualKeyCode=code,
                            text=text if kind == "keyDown" else "")

    async def picture(self, path):
        answer = await self.send("Page.captureScreenshot", format="png", captureBeyondViewport=True)
        pathlib.Path(path).write_bytes(base64.b64decode(answer["data"]))


@contextlib.contextmanager
def chromium():
    """Starts it, and answers its port; it ends with the block."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        browser = subprocess.Popen(
            ["chromium", "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-extensions", "--no-first-run",
             "--disable-dev-shm-usage", "--remote-debugging-port=0", f"--user-data-dir={profile}", "about:blank"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            place = pathlib.Path(profile) / "DevToolsActivePort"
            end = time.monotonic() + 60
            while not (place.exists() and place.read_text().count("\n")) and time.monotonic() < end:
                time.sleep(0.05)
            yield int(place.read_text().split()[0])
        finally:
            browser.terminate()
            browser.wait(30)


@contextlib.asynccontextmanager
async def opened(port, address):
    """A page of its own, on its way to an address."""
    target = json.load(urlopen(Request(f"http://127.0.0.1:{port}/json/new?{address}", method="PUT")))
    async with websockets.connect(target["webSocketDebuggerUrl"], max_size=None) as socket:
        page = Page(socket)
        listening = asyncio.create_task(page.listen())
        yield page
        listening.cancel()
