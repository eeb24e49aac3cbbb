#!/usr/bin/env python3
"""Reads frames as tables with the reader of Python's library, and compares them with the records of the same capture.

usage: tables.py csv|tsv TABLE RECORDS.ndjson
"""

import base64
import csv
import json
import sys

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def check(condition, *what):
    if not condition:
        sys.exit("tables.py: " + " ".join(map(str, what)))


def rows(kind, path):
    with open(path, encoding="utf-8", newline="") as file:
        if kind == "csv":
            yield from csv.DictReader(file, strict=True)
            return
        lines = file.read().split("\n")
        check(lines.pop() == "", "the last line has no end")
        names = lines[0].split("\t")
        for line in lines[1:]:
            cells = line.split("\t")
            check(len(cells) == len(names), "cells", line)
            # A reader that knows quotes must find the same cells.
            check(next(csv.reader([line], "excel-tab")) == cells, "quotes", line)
            yield dict(zip(names, cells))


def text(kind, cell):
    """What was meant by a cell."""
    if cell[:1] == "'" and (cell[1:2] in FORMULA or cell[1:2] in ('"', "\\")):
        cell = cell[1:]
    if kind == "csv":
        return cell
    parts = cell.split("\\\\")
    return "\\".join(part.replace("\\t", "\t").replace("\\n", "\n").replace("\\r", "\r") for part in parts)


def main(kind, table, records):
    with open(records, encoding="utf-8") as file:
        frames = [record for record in map(json.loads, file) if record["type"] == "frame"]
    found = list(rows(kind, table))
    check(len(found) == len(frames), "rows", len(found), len(frames))
    for row, frame in zip(found, frames):
        for name, cell in row.items():
            check(not cell.startswith(FORMULA), "a spreadsheet takes it for a formula:", name, cell)
        for name in ("connection", "number", "packet", "opcode", "length", "time", "sender", "kind"):
            check(row[name] == str(frame[name]), name, row, frame)
        shown = text(kind, row["payload"])
        shown = base64.b64decode(shown) if row["payload_encoding"] == "base64" else shown.encode()
        real = frame["payload"].encode() if frame["payload_encoding"] == "utf8" else base64.b64decode(frame["payload"])
        check(shown == real, "payload", row, frame)
    print(f"{len(found)} rows")


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    main(*sys.argv[1:])
