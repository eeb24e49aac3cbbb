#!/usr/bin/env python3
"""Opens a database with Python's sqlite3, and compares it with the records of the same capture.

usage: sqlite.py DATABASE FRAMES.ndjson MESSAGES.ndjson    (records without and with --messages)
       sqlite.py DATABASE SQL                              (prints the rows as the program sqlite3 does)
"""

import base64
import json
import sqlite3
import sys


def check(condition, *what):
    if not condition:
        sys.exit("sqlite.py: " + " ".join(map(str, what)))


def read(path, kind):
    with open(path, encoding="utf-8") as file:
        return [record for record in map(json.loads, file) if record["type"] == kind]


def rows(database, query):
    database.row_factory = sqlite3.Row
    return [dict(row) for row in database.execute(query)]


def same(found, wanted, members, what):
    """Compares columns with members of records; a member that is absent is null."""
    check(len(found) == len(wanted), what, len(found), len(wanted))
    for row, record in zip(found, wanted):
        for column, member in members.items():
            value = record
            for part in member.split("."):
                value = value.get(part) if value is not None else None
            value = int(value) if isinstance(value, bool) else value
            check(row[column] == value, what, column, row, record)


def payload(record):
    if "payload" not in record:
        return None
    text = record["payload"]
    return text.encode() if record["payload_encoding"] == "utf8" else base64.b64decode(text)


def by_number(records):
    return sorted(records, key=lambda record: (record["connection"], record.get("number", 0)))


def plain(*names):
    return {name: name for name in names}


def main(path, frames_path, messages_path):
    database = sqlite3.connect(path)
    check(database.execute("PRAGMA integrity_check").fetchone() == ("ok",), "the database is damaged")
    same(
        rows(database, "SELECT * FROM handshakes ORDER BY connection"), by_number(read(frames_path, "handshake")),
        plain("connection", "time", "packet", "community_id", "verdict")
        | {"client_ip": "client.ip", "client_port": "client.port", "server_port": "server.port",
           "target": "request.target", "host": "request.host", "status": "response.status",
           "protocol": "response.protocol", "accept_valid": "response.accept_valid",
           "tls_version": "tls.version", "tls_cipher": "tls.cipher", "tls_server_name": "tls.server_name",
           "response_seconds": "response_seconds",
           "tls_alpn": "tls.alpn", "tls_client_random": "tls.client_random", "tls_keys": "tls.keys"},
        "handshakes")
    for row, record in zip(rows(database, "SELECT * FROM handshakes ORDER BY connection"),
                           by_number(read(frames_path, "handshake"))):
        response = record.get("response", {})
        body = response.get("body")
        if body is not None:
            body = body.encode() if response["body_encoding"] == "utf8" else base64.b64decode(body)
        value = row["response_body"]
        check((value.encode() if isinstance(value, str) else value) == body, "response_body", row, record)
        is_cut = None if body is None else int(response.get("body_truncated", False))
        check(row["response_body_truncated"] == is_cut, "response_body_truncated", row, record)
    same(
        rows(database, "SELECT * FROM tls ORDER BY id"), read(frames_path, "tls"),
        plain("time", "packet", "version", "cipher", "server_name", "alpn", "client_random", "keys", "reason",
              "records_read", "records_unread")
        | {"client_ip": "client.ip", "client_port": "client.port", "server_ip": "server.ip",
           "server_port": "server.port", "alert_sender": "alert.sender", "alert_description": "alert.description",
           "search_tries": "search.tries", "search_sessions": "search.sessions",
           "search_reached_number": "search.reached_number", "search_limited": "search.limited"},
        "tls")
    same(
        rows(database, "SELECT * FROM connections ORDER BY number"), by_number(read(frames_path, "connection")),
        plain("opened", "closed", "duration_seconds")
        | {"number": "connection", "close_code": "close.code", "close_reason": "close.reason",
           "close_clean": "close.clean", "ended_by": "close.ended_by", "close_initiator": "close.initiator",
           "client_frames": "from_client.frames", "server_bytes": "from_server.payload_bytes",
           "tcp_rtt_seconds": "tcp.rtt_seconds",
           "client_retransmitted_segments": "tcp.from_client.retransmitted_segments",
           "client_zero_window_seconds": "tcp.from_client.zero_window_seconds",
           "server_retransmitted_segments": "tcp.from_server.retransmitted_segments",
           "server_zero_window_seconds": "tcp.from_server.zero_window_seconds",
           "server_messages": "from_server.messages", "client_missing_bytes": "from_client.missing_bytes"},
        "connections")
    same(
        rows(database, "SELECT * FROM frames ORDER BY connection, number"), by_number(read(frames_path, "frame")),
        plain("connection", "number", "message", "time", "packet", "sender", "fin", "rsv1", "opcode", "kind", "masked",
              "masking_key", "length") | {"close_code": "close.code", "close_reason": "close.reason"},
        "frames")
    same(
        rows(database, "SELECT * FROM findings ORDER BY id"), read(frames_path, "finding"),
        plain("connection", "frame", "time", "packet", "sender", "severity", "reference", "detail") | {"finding": "id"},
        "findings")
    for row, record in zip(rows(database, "SELECT * FROM findings ORDER BY id"), read(frames_path, "finding")):
        check(json.loads(row["evidence"]) == record["evidence"], "evidence", row, record)
    messages = by_number(read(messages_path, "message"))
    found = rows(database, "SELECT * FROM messages ORDER BY connection, number")
    same(
        found, messages,
        plain("connection", "number", "time", "first_time", "packet", "sender", "kind", "first_frame", "frames",
              "compressed", "inflated", "wire_length", "length"),
        "messages")
    for row, record in zip(found, messages):
        value = row["payload"].encode() if isinstance(row["payload"], str) else row["payload"]
        check(value == payload(record), "payload", row, record)
    items = [
        dict(item, connection=message["connection"], message=message["number"])
        for message in messages for item in message.get("application", [])
    ]
    same(
        rows(database, "SELECT * FROM application_items ORDER BY connection, message, position"), items,
        plain("connection", "message", "protocol", "kind", "name", "id", "error_code", "error_text", "reply_to",
              "latency_seconds", "summary"),
        "application_items")
    answered = [item for item in items if "latency_seconds" in item]
    slow = rows(database, "SELECT * FROM slow_requests")
    check(len(slow) <= len(answered), "slow_requests", len(slow), len(answered))
    names = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'view'")]
    check(len(names) == 5, "views", names)
    for name in names:
        database.execute(f"SELECT * FROM {name}").fetchall()
    plan = database.execute("EXPLAIN QUERY PLAN SELECT * FROM findings WHERE finding = 'x'").fetchone()
    check("findings_by_name" in plan[3], "no index is used", plan)
    print(f"{len(found)} messages")


if __name__ == "__main__":
    if len(sys.argv) == 4:
        main(*sys.argv[1:])
    elif len(sys.argv) == 3:
        for row in sqlite3.connect(sys.argv[1]).execute(sys.argv[2]):
            print("|".join("" if value is None else str(value) for value in row))
    else:
        sys.exit(__doc__)
