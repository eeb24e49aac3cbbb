#!/usr/bin/env python3
"""Opens Zeek's websocket.log in a reader of such logs, and compares it with the records of the same capture.

usage: zeek.py tabs|json LOG RECORDS.ndjson
"""

import json
import sys

from zat.zeek_log_reader import ZeekLogReader


def check(condition, *what):
    if not condition:
        sys.exit("zeek.py: " + " ".join(map(str, what)))


def by_tabs(path):
    for row in ZeekLogReader(path, strict=True).readrows():
        row["ts"] = row["ts"].timestamp()
        for name in ("client_protocols", "server_extensions", "client_extensions"):
            row[name] = [] if row[name] == "-" else row[name].split(",")
        yield {name: value for name, value in row.items() if value not in ("-", [])}


def by_json(path):
    with open(path, encoding="utf-8") as file:
        yield from map(json.loads, file)


def main(form, log, records):
    with open(records, encoding="utf-8") as file:
        handshakes = [record for record in map(json.loads, file) if record["type"] == "handshake"]
    switched = [h for h in handshakes if h.get("response", {}).get("status") == 101]
    rows = list(by_tabs(log) if form == "tabs" else by_json(log))
    check(len(rows) == len(switched), "rows", len(rows), len(switched))
    check(len({row["uid"] for row in rows}) == len(rows), "a uid is there twice")
    for row, handshake in zip(rows, switched):
        request, response = handshake.get("request", {}), handshake["response"]
        wanted = {
            "id.orig_h": handshake["client"]["ip"], "id.orig_p": handshake["client"]["port"],
            "id.resp_h": handshake["server"]["ip"], "id.resp_p": handshake["server"]["port"],
            "host": request.get("host"), "uri": request.get("target"), "user_agent": request.get("user_agent"),
            "subprotocol": response.get("protocol"), "client_protocols": request.get("protocols"),
            "client_extensions": request.get("extensions"), "server_extensions": response.get("extensions"),
        }
        wanted = {name: value for name, value in wanted.items() if value not in (None, [])}
        for name, value in wanted.items():
            check(row.get(name) == value, name, row, value)
        check(set(row) == set(wanted) | {"ts", "uid"}, "fields", set(row))
        check(abs(row["ts"] % 60 - float(response["time"][17:29])) < 1e-5, "time", row["ts"], response["time"])
        check(row["uid"][0] == "C" and row["uid"].isalnum(), "uid", row["uid"])
    print(f"{len(rows)} rows")


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    main(*sys.argv[1:])
