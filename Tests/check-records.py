#!/usr/bin/env python3
"""Checks that every line of an NDJSON file is a record as the schema describes it.

usage: check-records.py SCHEMA FILE.ndjson    (FILE may be -; needs the Debian package python3-jsonschema)

Exits with 1 at the first line that is not, and says which and why.
"""

import json
import sys

import jsonschema


def distinct(pairs):
    """Builds an object, and refuses one that names a member twice."""
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError("a member is there twice")
    return members


def parts(schema):
    """A validator for each type of record. The types exclude each other: to try all of them takes many times as long."""
    found = {}
    for branch in schema["oneOf"]:
        kind = schema["$defs"][branch["$ref"].rsplit("/", 1)[1]]["properties"]["type"]["const"]
        if kind in found:
            sys.exit(f"two types of records are {kind!r}")
        part = dict(schema, **branch)
        del part["oneOf"]
        found[kind] = jsonschema.Draft202012Validator(part)
    return found


def reason(validators, record):
    """What is wrong with a record, said by the part of the schema for its type; None if nothing is."""
    kind = record.get("type") if isinstance(record, dict) else None
    if kind not in validators:
        return f"no such type of record: {kind!r}"
    error = next(validators[kind].iter_errors(record), None)
    return error and f"{error.json_path}: {error.message}"


def main(schema_path, records_path):
    with open(schema_path, encoding="utf-8") as file:
        schema = json.load(file)
    jsonschema.Draft202012Validator.check_schema(schema)
    validators = parts(schema)
    source = sys.stdin.buffer if records_path == "-" else open(records_path, "rb")
    number = 0
    with source:
        for number, line in enumerate(source, 1):
            try:
                found = reason(validators, json.loads(line.decode("utf-8"), object_pairs_hook=distinct))
            except ValueError as error:
                found = str(error)
            if found:
                sys.exit(f"{records_path}:{number}: {found}")
    print(f"{number} records are as the schema says")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(*sys.argv[1:])
