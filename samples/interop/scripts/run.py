"""Makes one capture of `pairs.py`: runs its rounds, checks what came out, and writes the truth into `expected.json`.

    run.py NAME

A round is one conversation: a server program is started, a client program talks to it, both end. What the client
received must be what the server answered, and the other way round, and the packets must hold the same.
"""

import contextlib
import hashlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import check
from pairs import PAIRS
from programs import BUILD, command, environment
from proxies import PROXIES
from sample import Sample, check_connections

SCRIPTS = Path(__file__).resolve().parent
INTEROP = SCRIPTS.parent
FIRST_PORT, LAST_PORT = 9001, 9199
PROXY_PORTS = 9101
LARGEST_CAPTURE = 60_000


class Capture(Sample):
    """A recording that is checked and published by this file instead of by its own rules."""

    def __init__(self, name):
        super().__init__(name, [], filter=f"tcp portrange {FIRST_PORT}-{LAST_PORT}")

    def publish(self):
        log = (self.directory / "recorder.log").read_text()
        if any("dropped" in line and not line.startswith("0 ") for line in log.splitlines()):
            raise SystemExit(f"{self.name}: packets were dropped:\n{log}")
        check_connections(self.capture)
        publish(self.name, self.capture, self.truth)


# What is said


def line(number, price):
    return f'{{"type": "tick", "number": {number}, "symbol": "COCOA", "price": "{price}", "currency": "€"}}'


def paragraph(times):
    """800 characters that repeat nothing but what is 800 bytes back, so that the size of a window matters."""
    words = [hashlib.sha1(str(number).encode()).hexdigest()[:7] for number in range(100)]
    return (" ".join(words) + "\n") * times


def script(round):
    """The steps of a client."""
    yield "text", "hello"
    yield "wait",
    if round.long:
        yield "text", "Grüße, 世界! 🌊"
        yield "wait",
        yield "binary", bytes(range(130))
        if not round.bursts:
            yield "wait",
        if round.empty:
            yield "text", ""
        yield "wait",
    if round.pings:
        yield "ping", b"are you there?"
    for number in range(4 if round.long else 3):
        yield "text", line(number, f"7.{number * 7:02}")
        if not round.bursts:
            yield "wait",
    yield "wait",
    # Without compression something shorter will do: more than 125 bytes.
    yield "text", paragraph(2 if round.long else 1) if round.deflates else paragraph(1)[:200]
    yield "wait",
    if round.fragments:
        euros = line(5, "7.50").encode()
        cut = euros.index("€".encode()) + 1
        # The cut is inside a character, where one is allowed.
        yield "fragments", "text", [euros[:20], euros[20:cut], euros[cut:]] if round.fragments == "any" else \
            [euros[:20], euros[20:40], euros[40:]]
        if not round.bursts:
            yield "wait",
        yield "fragments", "binary", [b"one, ", b"two, ", b"three, three, three"]
        yield "wait",
    if round.huge:
        yield "text", "0123456789abcdef" * 4200
        yield "wait",
    if round.end.startswith("bye"):
        yield "text", round.end
        yield "wait",
    else:
        _, code, reason = round.end.split(" ", 2)
        yield "close", int(code), reason


def as_line(step):
    name, *arguments = step
    words = []
    for argument in arguments:
        if isinstance(argument, list):
            words += [part.hex() for part in argument]
        elif isinstance(argument, bytes):
            words.append(argument.hex())
        elif isinstance(argument, int) or name == "fragments":
            words.append(str(argument))
        else:
            words.append(argument.encode().hex())
    return " ".join([name, *words]) + "\n"


def said(steps):
    """The messages of the steps, as a client sends them."""
    messages = []
    for name, *arguments in steps:
        if name in ("text", "binary"):
            payload = arguments[0]
            messages.append((name, payload.encode() if isinstance(payload, str) else payload))
        elif name == "fragments":
            messages.append((arguments[0], b"".join(arguments[1])))
    return messages


# Rounds


class Report:
    """What a peer printed: its version, what it received (and sent, in its own words), the code it was closed with."""

    def __init__(self, path):
        self.versions, self.messages, self.sent, self.code = [], [], [], None
        for words in (line.split() for line in path.read_text().splitlines()):
            match words:
                case "version", *rest:
                    self.versions.append(" ".join(rest))
                case ("text" | "binary") as kind, *payload:
                    self.messages.append((kind, bytes.fromhex("".join(payload))))
                case "sent", kind, *payload:
                    self.sent.append((kind, bytes.fromhex("".join(payload))))
                case "closed", code:
                    self.code = code


def wait_until_open(port, process, errors):
    """Waits for a server without connecting to it: a probe would be in the capture."""
    for _ in range(400):
        listening = subprocess.run(["ss", "-Htln"], check=True, capture_output=True, text=True).stdout
        if any(row.split()[3].endswith(f":{port}") for row in listening.splitlines()):
            return
        if process.poll() is not None:
            break
        time.sleep(0.05)
    raise SystemExit(f"nothing listens on {port}:\n{Path(errors.name).read_text()[-3000:]}")


@contextlib.contextmanager
def running(arguments, output, port, errors):
    process = subprocess.Popen(arguments, stdin=subprocess.DEVNULL, stdout=output, stderr=errors, env=environment(),
                               start_new_session=True)
    try:
        wait_until_open(port, process, errors)
        yield
    finally:
        # The whole of its own process group: some servers have workers.
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGTERM)
        try:
            process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def take(round, number, directory):
    """Runs one round; returns what the client and the server report."""
    port = FIRST_PORT + number
    client_out, server_out = directory / f"client{number}", directory / f"server{number}"
    with contextlib.ExitStack() as stack:
        errors = stack.enter_context((directory / f"errors{number}").open("w"))
        server = stack.enter_context(server_out.open("w"))
        stack.enter_context(running(command("servers", round.server, port, round.accept), server, port, errors))
        front = port
        if round.via:
            front = PROXY_PORTS + number
            stack.enter_context(running(PROXIES[round.via](directory, front, port), errors, front, errors))
        steps = list(script(round))
        url = f"ws://127.0.0.1:{front}{round.path}"
        with client_out.open("w") as client:
            try:
                subprocess.run(command("clients", round.client, url, round.offer), input="".join(map(as_line, steps)),
                               text=True, stdout=client, stderr=errors, env=environment(), timeout=30, check=False)
            except subprocess.TimeoutExpired:
                errors.write("the client never ended\n")
        # Some servers answer the close, or hang up, only after the client has gone.
        time.sleep(round.linger)
    said_by_client = said(steps)
    client, server = Report(client_out), Report(server_out)
    answered = [message for message in said_by_client if not message[1].startswith(b"bye ")]
    if round.own_words:
        if not client.sent or not client.messages:
            raise SystemExit(f"round {number}: {(directory / f'errors{number}').read_text()}")
        return client, server, client.sent, client.messages
    if round.fails:
        # A broken rule ends it early: the truth is what each did receive.
        return client, server, server.messages, client.messages
    if client.messages != answered or server.messages != said_by_client:
        sys.stderr.write((directory / f"errors{number}").read_text()[-3000:])
        raise SystemExit(f"round {number} of {round}: the peers disagree:\n"
                         f"sent     {shown(said_by_client)}\nserver   {shown(server.messages)}\nclient   {shown(client.messages)}")
    return client, server, said_by_client, answered


def shown(messages):
    return [(kind, len(payload), payload[:12]) for kind, payload in messages]


def described(messages):
    return [{"kind": kind, "length": len(payload), "sha1": hashlib.sha1(payload).hexdigest()}
            for kind, payload in messages]


def versions(reports):
    return ", ".join(dict.fromkeys(version for report in reports for version in report.versions))


def converse(rounds, directory):
    truth = {"connections": 0, "messages_from_client": [], "messages_from_server": [], "close_codes": []}
    clients, servers = [], []
    for number, round in enumerate(rounds):
        client, server, from_client, from_server = take(round, number, directory)
        clients.append(client)
        servers.append(server)
        # Both legs of a proxy count.
        for _ in range(2 if round.via else 1):
            truth["connections"] += 1
            truth["messages_from_client"].append(described(from_client))
            truth["messages_from_server"].append(described(from_server))
        truth["close_codes"].append({"client": client.code, "server": server.code})
    return {"client": versions(clients), "server": versions(servers), **truth}


# Checking and publishing


def publish(name, capture, truth):
    fails = any(round.fails for round in PAIRS[name])
    upgraded = [connection for connection in check.read(capture) if check.analyse(connection)]
    for side in ("client", "server"):
        found = [connection.messages[side] for connection in upgraded]
        if fails:
            known = truth[f"messages_from_{side}"]
            found = [messages[:len(received)] for messages, received in zip(found, known, strict=True)]
        if found != truth[f"messages_from_{side}"]:
            kept = BUILD / f"{name}.refused.pcap"
            BUILD.mkdir(exist_ok=True)
            shutil.copy(capture, kept)
            raise SystemExit(f"{name}: the capture, kept as {kept}, holds other messages from the {side} than the peers "
                             f"received; broken rules: {[connection.broken for connection in upgraded]}")
    truth["agreed"] = [connection.agreed for connection in upgraded]
    truth["violations"] = [{"connection": number, "packet": packet, "by": side, "rule": rule}
                           for number, connection in enumerate(upgraded) for packet, side, rule in connection.broken]
    if bool(truth["violations"]) != PAIRS[name][0].violates:
        raise SystemExit(f"{name}: unexpected: {truth['violations']}")
    target = INTEROP / f"{name}.pcap"
    size = capture.stat().st_size
    if size > LARGEST_CAPTURE:
        raise SystemExit(f"{name}: {size} bytes is too large")
    shutil.move(capture, target)
    target.chmod(0o644)
    known = INTEROP / "expected.json"
    expected = json.loads(known.read_text()) if known.exists() else {}
    expected[target.name] = truth
    known.write_text(as_json(dict(sorted(expected.items()))))
    print(f"{target.name}: {size} bytes, {len(upgraded)} connections, {truth['client']} - {truth['server']}")
    for number, connection in enumerate(upgraded):
        print(f"    {number}: offered [{connection.offered}] agreed [{connection.agreed}] "
              f"closes {list(connection.closes.values())}{' final blocks' if connection.final_blocks else ''}")
        for packet, side, rule in connection.broken:
            print(f"    {number}: PACKET {packet}, the {side} breaks a rule: {rule}")


def as_json(value):
    """JSON with one message, or one other small thing, a line."""
    text = json.dumps(value, ensure_ascii=False, indent=0)
    return re.sub(r"\{\n([^{}\[\]]*?)\n\}", lambda found: "{" + found[1].replace("\n", " ") + "}", text) + "\n"


def main(name):
    with tempfile.TemporaryDirectory() as directory, Capture(name) as capture:
        capture.truth = converse(PAIRS[name], Path(directory))


main(sys.argv[1])
