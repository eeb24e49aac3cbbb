"""http2.pcapng and late-http2.pcapng: a page in headless Chromium talks to Hypercorn, both its sockets in one connection of HTTP/2 (RFC 8441)."""

import asyncio
import os
import subprocess
import sys
import tempfile
import time
from importlib.metadata import version as package_version
from pathlib import Path
from urllib.parse import unquote

from hypercorn.asyncio import serve
from hypercorn.config import Config

from recording import NAME, PeerLog, Recording, begin_at, certificate, close, message, version
from sample import running

PORT = 8443
# How many messages of each socket come before the late capture begins.
BEFORE = 2
PAGE = (Path(__file__).resolve().parent / "http2.html").read_bytes()


class Application:
    """Serves the page, echoes what comes, and logs it for each socket by its path."""

    def __init__(self, pausing):
        self.logs, self.versions, self.done = {}, set(), asyncio.Event()
        self.pause = asyncio.Barrier(2) if pausing else None
        self.moment = None

    async def __call__(self, scope, receive, send):
        if scope["type"] == "websocket":
            await self.socket(scope, receive, send)
        elif scope["type"] == "http":
            if scope["path"].startswith("/closed/"):
                self.closed(scope["path"].removeprefix("/closed"), unquote(scope["query_string"].decode()))
            found = scope["path"] == "/"
            await send({"type": "http.response.start", "status": 200 if found else 404, "headers": [(b"content-type", b"text/html")]})
            await send({"type": "http.response.body", "body": PAGE if found else b""})

    async def socket(self, scope, receive, send):
        log = self.logs[scope["path"]] = PeerLog("server")
        self.versions.add(scope["http_version"])
        await receive()
        await send({"type": "websocket.accept"})
        while (event := await receive())["type"] != "websocket.disconnect":
            payload = event["text"] if event.get("text") is not None else event["bytes"]
            log.heard.append(message(payload))
            if self.pause and len(log.heard) == BEFORE:
                await self.pause.wait()
                await asyncio.sleep(0.3)
                self.moment = time.time()
                await asyncio.sleep(0.3)
            await send({"type": "websocket.send", "text" if isinstance(payload, str) else "bytes": payload})
            log.sent.append(message(payload))

    def closed(self, path, words):
        """The page says how its socket was closed: it closed it."""
        code, _, reason = words.partition(" ")
        self.logs[path].close = close(int(code), reason, "client")
        if len(self.logs) == 2 and all(log.close for log in self.logs.values()):
            self.done.set()


async def browse(recording, application):
    config = Config()
    chain, key = certificate(recording.directory)
    config.bind, config.certfile, config.keyfile = [f"127.0.0.1:{PORT}"], str(chain), str(key)
    config.alpn_protocols, config.accesslog, config.errorlog = ["h2"], None, None
    stop = asyncio.Event()
    serving = asyncio.create_task(serve(application, config, shutdown_trigger=stop.wait))
    await asyncio.sleep(0.5)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        command = ["chromium", "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-extensions", "--no-first-run",
                   "--ignore-certificate-errors", f"--host-resolver-rules=MAP {NAME} 127.0.0.1",
                   f"--user-data-dir={profile}", f"https://{NAME}:{PORT}/"]
        environment = os.environ | {"SSLKEYLOGFILE": str(recording.keys)}
        with running(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL):
            await asyncio.wait_for(application.done.wait(), 60)
            await asyncio.sleep(0.5)
    stop.set()
    await serving
    assert application.versions == {"2"}, application.versions


async def record(name, late):
    peers = f"Chromium {version('chromium', '--version')}, Hypercorn {package_version('hypercorn')}"
    with Recording(name, [PORT], peers) as recording:
        application = Application(pausing=late)
        await browse(recording, application)
        # Neither peer says what it agreed on.
        recording.tls = {"version": None, "cipher": None, "server_name": NAME, "alpn": "h2"}
        recording.more["http"] = "2"
        if late:
            recording.change(lambda capture: begin_at(application.moment, capture))
            recording.more["messages_before"] = {"from_client": BEFORE, "from_server": BEFORE - 1}
        for path, log in sorted(application.logs.items()):
            if late:
                log.heard, log.sent = log.heard[BEFORE:], log.sent[BEFORE - 1:]
            recording.add(log, path=path)


for name in sys.argv[1:]:
    asyncio.run(record(name, late=name.startswith("late")))
