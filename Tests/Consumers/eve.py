#!/usr/bin/env python3
"""Checks Suricata's events against what its schema says of them, and compares them with the records of the same capture.

usage: eve.py EVENTS.json RECORDS.ndjson
"""

import json
import sys

import jsonschema

# What the schema of Suricata's events allows of these two types; nothing else may be there.
SCHEMA = {
    "type": "object",
    "additionalProperties": False,
    "required": ["timestamp", "flow_id", "event_type", "src_ip", "src_port", "dest_ip", "dest_port", "proto"],
    "properties": {
        "timestamp": {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d+[+\-]\d+$"},
        "flow_id": {"type": "integer", "maximum": 2**53 - 1},
        "pcap_cnt": {"type": "integer"},
        "event_type": {"enum": ["websocket", "anomaly"]},
        "vlan": {"type": "array", "items": {"type": "number"}},
        "src_ip": {"type": "string"},
        "src_port": {"type": "integer"},
        "dest_ip": {"type": "string"},
        "dest_port": {"type": "integer"},
        "proto": {"const": "TCP"},
        "community_id": {"type": "string"},
        "websocket": {
            "type": "object",
            "additionalProperties": False,
            "required": ["fin", "opcode"],
            "properties": {
                "fin": {"type": "boolean"}, "mask": {"type": "integer"}, "opcode": {"type": "string"}},
        },
        "anomaly": {
            "type": "object",
            "additionalProperties": False,
            "properties": {name: {"type": "string"} for name in ("app_proto", "event", "layer", "type")},
        },
    },
}


def check(condition, *what):
    if not condition:
        sys.exit("eve.py: " + " ".join(map(str, what)))


def main(events_path, records_path):
    with open(records_path, encoding="utf-8") as file:
        records = [json.loads(line) for line in file]
    ends = {r["connection"]: r for r in records if r["type"] == "handshake"}
    wanted = [record for record in records if record["type"] in ("frame", "finding")]
    with open(events_path, encoding="utf-8") as file:
        events = [json.loads(line) for line in file]
    check(len(events) == len(wanted), "events", len(events), len(wanted))
    validator = jsonschema.Draft202012Validator(SCHEMA)
    for event, record in zip(events, wanted):
        validator.validate(event)
        handshake = ends[record["connection"]]
        sides = [handshake["client"], handshake["server"]]
        source, destination = sides if record.get("sender", "client") == "client" else sides[::-1]
        check([event["src_ip"], event["src_port"]] == [source["ip"], source["port"]], "source", event, record)
        check([event["dest_ip"], event["dest_port"]] == [destination["ip"], destination["port"]], "destination", event)
        check(event["pcap_cnt"] == record["packet"], "packet", event, record)
        check(event["timestamp"][:26] == record["time"][:26], "time", event, record)
        if record["type"] == "finding":
            check(event["anomaly"]["event"] == record["id"], "finding", event, record)
            continue
        websocket = event["websocket"]
        check(websocket["fin"] == record["fin"], "fin", event, record)
        known = ("continuation", "text", "binary", "ping", "pong")
        opcode = record["kind"] if record["kind"] in known else f"unknown-{record['opcode']}"
        check(websocket["opcode"] == opcode, "opcode", event, record)
        key = int(record["masking_key"], 16) if record["masked"] else None
        check(websocket.get("mask") == key, "mask", event, record)
    print(f"{len(events)} events")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(*sys.argv[1:])
