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


def reason(validator, record):
    """What is wrong with a record, said by the part of the schema for its type; None where nothing is."""
    if validator.is_valid(record):
        return None
    kind = record.get("type") if isinstance(record, dict) else None
    if kind not in {branch["$ref"].rsplit("/", 1)[1] for branch in validator.schema["oneOf"]}:
        return f"no such type of record: {kind!r}"
    part = dict(validator.schema, **{"$ref": f"#/$defs/{kind}"})
    del part["oneOf"]
    error = next(type(validator)(part).iter_errors(record))
    return f"{error.json_path}: {error.message}"


def main(schema_path, records_path):
    with open(schema_path, encoding="utf-8") as file:
        schema = json.load(file)
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    source = sys.stdin.buffer if records_path == "-" else open(records_path, "rb")
    number = 0
    with source:
        for number, line in enumerate(source, 1):
            try:
                found = reason(validator, json.loads(line.decode("utf-8"), object_pairs_hook=distinct))
            except ValueError as error:
                found = str(error)
            if found:
                sys.exit(f"{records_path}:{number}: {found}")
    print(f"{number} records are as the schema says")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(*sys.argv[1:])
