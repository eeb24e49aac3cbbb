"""What all Python peers share. Peers in other languages keep to the same words.

A server is called with PORT PARAMETERS, a client with URL PARAMETERS. The parameters are those of permessage-deflate that
the peer is to offer or to accept, such as `deflate,client_max_window_bits=10`; without `deflate` it uses no compression.

A client is told on its input what to do, one step a line (payloads in hexadecimal):

    text PAYLOAD | binary PAYLOAD | ping PAYLOAD
    fragments text|binary PART PART...
    wait                  until every message has been answered (or the server has closed)
    close CODE REASON

A server answers each message with the same message, but to the text `bye CODE REASON` it closes with that code.
Each peer prints what its application receives: `text PAYLOAD`, `binary PAYLOAD` and, where it is told, `closed CODE`.
"""

import asyncio
import importlib.metadata
import inspect
import sys

HOST = "127.0.0.1"


def say(*words):
    print(*words, flush=True)


def version(package):
    say("version", package, importlib.metadata.version(package))


def parameters():
    """The second argument as a dictionary: whole numbers, and True for a name alone."""
    pairs = (word.partition("=") for word in sys.argv[2].split(",") if word)
    return {name: int(value) if equals else True for name, equals, value in pairs}


def port():
    return int(sys.argv[1])


def url():
    return sys.argv[1]


def got(message):
    if isinstance(message, str):
        say("text", message.encode().hex())
    else:
        say("binary", bytes(message).hex())


def closed(code):
    say("closed", code)


def parting(message):
    """The code and reason of a `bye`, or None."""
    if isinstance(message, str) and message.startswith("bye "):
        _, code, reason = message.split(" ", 2)
        return int(code), reason
    return None


def steps():
    for line in sys.stdin:
        name, *words = line.rstrip("\n").split(" ")
        if name == "close":
            yield name, [int(words[0]), bytes.fromhex(words[1]).decode()]
        elif name == "fragments":
            yield name, [words[0], [bytes.fromhex(word) for word in words[1:]]]
        elif name in ("text", "binary"):
            payload = bytes.fromhex(words[0])
            yield "send", [payload.decode() if name == "text" else payload]
        else:
            yield name, [bytes.fromhex(word) for word in words]


async def settle(value):
    """The value, or what it yields when awaited: so blocking and asynchronous libraries are driven alike."""
    return await value if inspect.isawaitable(value) else value


async def converse(connection):
    """Takes all steps. The connection has `send`, `receive` (None at the end), `close` and, if it can, `ping`, `fragments`."""
    unanswered = 0
    for name, arguments in steps():
        if name == "wait":
            while unanswered:
                message = await settle(connection.receive())
                if message is None:
                    return
                got(message)
                unanswered -= 1
            continue
        await settle(getattr(connection, name)(*arguments))
        unanswered += name in ("send", "fragments")


async def forever():
    await asyncio.Event().wait()
