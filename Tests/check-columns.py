#!/usr/bin/env python3
"""Checks that each member has one type in all records of all captures.

usage: check-columns.py WSTAP CAPTURE...

Exits with 1 if one has several, and says where; also if a capture cannot be read. Whole numbers are numbers.
"""

import json
import subprocess
import sys
from collections import defaultdict

EVENTS = "handshake,frame,message,finding,connection,comment,tls,summary"
NAMES = {bool: "boolean", int: "number", float: "number", str: "text", list: "list", dict: "object", type(None): "null"}


def main() -> int:
    found = defaultdict(dict)
    for capture in sys.argv[2:]:
        command = [sys.argv[1], "read", "--format", "ndjson", "--events", EVENTS, capture]
        run = subprocess.run(command, capture_output=True, text=True)
        records = [json.loads(line) for line in run.stdout.splitlines()]
        if run.returncode != 0 or not any(record["type"] == "summary" for record in records):
            sys.exit(f"{capture}: exit code {run.returncode}, {len(records)} records\n{run.stderr}")
        for record in records:
            note(record, "", f"{capture}: {record['type']}", found)
    wrong = {path: types for path, types in found.items() if len(types) > 1}
    for path, types in sorted(wrong.items()):
        print(path, types)
    return 1 if wrong else 0


def note(value, path: str, place: str, found: dict) -> None:
    found[path].setdefault(NAMES[type(value)], place)
    if isinstance(value, dict):
        for name, member in value.items():
            note(member, f"{path}.{name}", place, found)
    elif isinstance(value, list):
        for element in value:
            note(element, f"{path}[]", place, found)


if __name__ == "__main__":
    sys.exit(main())
