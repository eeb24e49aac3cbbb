#!/usr/bin/env python3
"""Opens an HTTP archive in two programs that read such, and compares it with the records of the same capture.

usage: har.py ARCHIVE.har RECORDS.ndjson    (the records with --messages)
"""

import base64
import json
import sys

import hario_core.parse
from hario_core.models.extensions.chrome_devtools import DevToolsEntry
from haralyzer import HarParser

REQUEST = {"method", "url", "httpVersion", "cookies", "headers", "queryString", "headersSize", "bodySize"}
RESPONSE = {"status", "statusText", "httpVersion", "cookies", "headers", "content", "redirectURL", "headersSize", "bodySize"}
ENTRY = {"startedDateTime", "time", "request", "response", "cache", "timings"}


def check(condition, *what):
    if not condition:
        sys.exit("har.py: " + " ".join(map(str, what)))


def structure(archive):
    """HAR 1.2: what must be there is there, and what the format does not know begins with an underscore."""
    log = archive["log"]
    check(set(log) - {"comment"} == {"version", "creator", "pages", "entries"} and log["version"] == "1.2", "log", set(log))
    for entry in log["entries"]:
        known = ENTRY | {"serverIPAddress", "connection", "comment"}
        check(ENTRY <= set(entry) and all(key in known or key[0] == "_" for key in entry), "entry", set(entry))
        check(set(entry["request"]) == REQUEST, "request", set(entry["request"]))
        check(set(entry["response"]) == RESPONSE, "response", set(entry["response"]))
        for head in (entry["request"], entry["response"]):
            for name in ("headers", "cookies", "queryString"):
                for pair in head.get(name, []):
                    check({"name", "value"} <= set(pair), name, pair)
            check(head["headersSize"] >= -1 and head["bodySize"] >= -1, "sizes", head)
        check(entry["request"]["url"].startswith(("ws://", "wss://")), "url", entry["request"]["url"])
        parts = [value for value in entry["timings"].values() if value != -1]
        check(abs(sum(parts) - entry["time"]) < 0.001, "times", entry["timings"], entry["time"])


def payload(record):
    if "payload" not in record:
        return b""
    text = record["payload"]
    return text.encode() if record["payload_encoding"] == "utf8" else base64.b64decode(text)


def main(archive_path, records_path):
    with open(archive_path, encoding="utf-8") as file:
        archive = json.load(file)
    structure(archive)
    with open(records_path, encoding="utf-8") as file:
        records = [json.loads(line) for line in file]
    handshakes = {str(record["connection"]): record for record in records if record["type"] == "handshake"}
    entries = {entry["connection"]: entry for entry in archive["log"]["entries"]}
    check(set(entries) == set(handshakes), "connections", set(entries), set(handshakes))

    read = hario_core.parse.parse(archive_path)
    if entries:
        check(len(HarParser(archive).har_data["entries"]) == len(entries), "haralyzer reads other entries")
    for model in read.entries:
        check(isinstance(model, DevToolsEntry) and model.resourceType == "websocket", "not taken for a WebSocket")
        number = str(model.connection)
        handshake = handshakes[number]
        request, response = handshake.get("request"), handshake.get("response")
        if request:
            headers = {}
            for header in model.request.headers:
                headers.setdefault(header.name.lower(), header.value)
            check(model.request.method == request["method"], "method", model.request.method)
            check(headers.get("host") == request.get("host"), "host", headers)
            check(headers.get("sec-websocket-key") == request.get("key"), "key", headers)
        if response:
            check(model.response.status == response["status"], "status", model.response.status)
        messages = [r for r in records if r["type"] == "message" and str(r["connection"]) == number]
        shown = model.webSocketMessages
        check(len(shown) == len(messages), "messages", len(shown), len(messages))
        for message, record in zip(shown, messages):
            check(message.type == ("send" if record["sender"] == "client" else "receive"), "direction", message)
            check(message.opcode == {"continuation": 0, "text": 1, "binary": 2}[record["kind"]], "opcode", message)
            if record["kind"] == "text":
                check(message.data == payload(record).decode("utf-8", "replace"), "text", message, record)
            else:
                check(base64.b64decode(message.data) == payload(record), "bytes", message, record)
            seconds = int(record["time"][17:19]) + int(record["time"][20:29]) * 1e-9
            check(abs(message.time % 60 - seconds) < 1e-5, "time", message.time, record["time"])
    print(f"{len(entries)} entries")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(*sys.argv[1:])
