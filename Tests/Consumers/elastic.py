#!/usr/bin/env python3
"""Checks documents of the Elastic Common Schema, or a bulk request of them, against what the schema says of its fields,
and compares them with the records of the same capture.

usage: elastic.py ecs|elastic DOCUMENTS RECORDS.ndjson
"""

import ipaddress
import json
import sys

# The fields of the schema, version 8.11, with what they may hold.
FIELDS = {
    "@timestamp": str, "message": str, "ecs.version": str,
    "event.kind": {"event", "alert"}, "event.category": {"network"}, "event.module": str, "event.dataset": str,
    "event.type": {"connection", "start", "end", "protocol", "info"}, "event.action": str, "event.code": str,
    "event.outcome": {"success", "failure", "unknown"}, "event.severity": int, "event.start": str, "event.end": str,
    "event.duration": int, "network.transport": {"tcp"}, "network.protocol": {"websocket"},
    "network.type": {"ipv4", "ipv6"}, "network.community_id": str, "network.vlan.id": str,
    "url.full": str, "url.original": str, "url.path": str, "url.query": str, "url.domain": str, "http.version": str,
    "http.request.method": str, "http.response.status_code": int, "user_agent.original": str,
    "rule.id": str, "rule.name": str, "rule.reference": str, "rule.ruleset": str,
}
for side in ("client", "server", "source", "destination"):
    FIELDS |= {f"{side}.address": str, f"{side}.ip": ipaddress.ip_address, f"{side}.port": int}


def check(condition, *what):
    if not condition:
        sys.exit("elastic.py: " + " ".join(map(str, what)))


def flat(value, name=""):
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from flat(inner, f"{name}.{key}" if name else key)
    else:
        for one in value if isinstance(value, list) else [value]:
            yield name, one


def documents(form, path):
    with open(path, encoding="utf-8", newline="\n") as file:
        lines = file.read().split("\n")
    check(lines.pop() == "", "the last line has no end")
    if form == "elastic":
        check(len(lines) % 2 == 0, "a line is missing")
        for action in lines[::2]:
            check(json.loads(action) == {"create": {"_index": "logs-wstap-default"}}, "action", action)
        lines = lines[1::2]
    return [json.loads(line) for line in lines]


def main(form, path, records_path):
    with open(records_path, encoding="utf-8") as file:
        records = [record for record in map(json.loads, file) if record["type"] not in ("comment", "summary")]
    found = documents(form, path)
    check(len(found) == len(records), "documents", len(found), len(records))
    for document, record in zip(found, records):
        check(document.pop("wstap") == {record["type"]: record}, "record", record)
        for name, value in flat(document):
            allowed = FIELDS.get(name)
            check(allowed, "no such field:", name)
            if isinstance(allowed, set):
                check(value in allowed, name, value)
            elif allowed is ipaddress.ip_address:
                ipaddress.ip_address(value)
            else:
                check(isinstance(value, allowed) and not isinstance(value, bool), name, value)
        check(document["@timestamp"] == record.get("time", record.get("closed")), "time", document)
        check(document["event"]["dataset"] == "wstap." + record["type"], "dataset", document)
        if "sender" in record:
            source = document["client" if record["sender"] == "client" else "server"]
            check(document["source"] == source, "source", document)
    print(f"{len(found)} documents")


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    main(*sys.argv[1:])
