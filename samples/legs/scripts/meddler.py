"""A proxy between a client and a server that passes on bytes as they are, but for three messages, and logs what it did.

What begins with "lose" it keeps, what begins with "delay" it passes on 1.5 seconds later, what begins with "cut" it sends in three
frames. All else, the handshake and control frames too, goes on untouched.
"""

import asyncio
import time

DELAY = 1.5


class Meddler:
    def __init__(self, server):
        self.server = server
        self.log = []

    async def serve(self, reader, writer):
        further_reader, further_writer = await asyncio.open_connection(*self.server)
        await asyncio.gather(
            self.pass_on(reader, further_writer, "client"), self.pass_on(further_reader, writer, "server"))

    async def pass_on(self, reader, writer, sender):
        try:
            writer.write(await reader.readuntil(b"\r\n\r\n"))
            while frame := await read_frame(reader):
                await self.treat(*frame, writer, sender)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        writer.close()

    async def treat(self, head, key, payload, writer, sender):
        text = unmasked(payload, key)
        entry = {"sender": sender, "text": text.decode(errors="replace"), "came": time.time()}
        if head[0] & 0x0F in (1, 2):
            self.log.append(entry)
        if text.startswith(b"lose"):
            entry["what"] = "lost"
            return
        if text.startswith(b"delay"):
            entry["what"] = "delayed"
            await asyncio.sleep(DELAY)
        if text.startswith(b"cut"):
            entry["what"] = "cut"
            for frame in cut(text, head[0] & 0x0F, masked=bool(key)):
                writer.write(frame)
        else:
            writer.write(head + key + payload)
        await writer.drain()
        entry["went"] = time.time()


async def read_frame(reader):
    """The bytes of a frame's header, its masking key and its payload."""
    head = await reader.readexactly(2)
    length = head[1] & 0x7F
    if length >= 126:
        more = await reader.readexactly(2 if length == 126 else 8)
        head, length = head + more, int.from_bytes(more)
    key = await reader.readexactly(4) if head[1] & 0x80 else b""
    return head, key, await reader.readexactly(length)


def unmasked(payload, key):
    return bytes(byte ^ key[place % 4] for place, byte in enumerate(payload)) if key else payload


def cut(text, opcode, masked):
    """A short message in three frames."""
    third = len(text) // 3
    parts = [text[:third], text[third:2 * third], text[2 * third:]]
    for number, part in enumerate(parts):
        first = (opcode if number == 0 else 0) | (0x80 if number == 2 else 0)
        key = bytes([17, 34, 51, 68 + number]) if masked else b""
        yield bytes([first, len(part) | (0x80 if masked else 0)]) + key + unmasked(part, key)
