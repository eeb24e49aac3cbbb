#!/usr/bin/env python3
"""Imports an HTTP archive into the network panel of Chromium's DevTools, as its button does, and prints the requests that the
panel then has, with their WebSocket messages, as JSON.

usage: import-har.py ARCHIVE.har

What it prints is judged by the tests.
"""

import asyncio
import json
import pathlib
import sys

from chromium import chromium, opened

IMPORT = """(async () => {
  const { NetworkPanel } = await import("./panels/network/network.js");
  const { NetworkLog } = await import("./models/logs/logs.js");
  await NetworkPanel.NetworkPanel.instance().networkLogView.onLoadFromFile(new File([%s], "archive.har"));
  return NetworkLog.NetworkLog.instance().requests().map(request => ({
    connection: request.connectionId, url: request.url(), type: request.resourceType().name(),
    method: request.requestMethod, status: request.statusCode,
    messages: request.frames().map(frame => ({ type: frame.type, opcode: frame.opCode, text: frame.text })),
  }));
})()"""


async def requests(port, archive):
    async with opened(port, "devtools://devtools/bundled/devtools_app.html") as page:
        await page.until("document.readyState === 'complete'")
        return await page.value(IMPORT % json.dumps(pathlib.Path(archive).read_text()))


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    with chromium() as port:
        print(json.dumps(asyncio.run(requests(port, sys.argv[1]))))


main()
