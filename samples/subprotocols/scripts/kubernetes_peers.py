"""kubernetes.pcap: the Python client of Kubernetes, and a server that was written from the description of the channels: a
command that reads, writes and fails, one that ends well; what the server reads and sends, and the code that the client
returns."""

import asyncio
import json

import kubernetes
from kubernetes.stream import stream
from websockets.asyncio.server import serve
from websockets.exceptions import ConnectionClosed

from recording import Recording

PORT = 8765
NAMES = {0: "stdin", 1: "stdout", 2: "stderr", 3: "error", 4: "resize"}


async def execute(socket, connection):
    """`v4.channel.k8s.io`: the first byte of each message is its channel."""

    async def send(channel, data, **more):
        connection.log("server", NAMES[channel], **more)
        await socket.send(bytes([channel]) + data)

    if "command=sink" in socket.request.path:
        await send(1, b"which ship?\n")
        message = await socket.recv()
        # The client sends text where it was given text.
        message = message.encode() if isinstance(message, str) else message
        connection.log("client", NAMES[message[0]])
        await send(2, b"unsinkable\n")
        status = {
            "metadata": {}, "status": "Failure", "reason": "NonZeroExitCode",
            "message": "command terminated with non-zero exit code",
            "details": {"causes": [{"reason": "ExitCode", "message": "3"}]},
        }
        await send(3, json.dumps(status).encode(), name="Failure", error=True)
    else:
        await send(1, b"low tide\n")
        await send(3, b'{"metadata":{},"status":"Success"}', name="Success")
    await socket.close()


def talk():
    configuration = kubernetes.client.Configuration(host=f"http://127.0.0.1:{PORT}")
    api = kubernetes.client.CoreV1Api(kubernetes.client.ApiClient(configuration))
    for command, code in (("sink", 3), ("tide", 0)):
        process = stream(
            api.connect_get_namespaced_pod_exec, "pier", "harbour", command=[command], stdin=True, stdout=True,
            stderr=True, tty=False, _preload_content=False)
        if command == "sink":
            assert process.readline_stdout(timeout=5) == "which ship?"
            process.write_stdin("the small one\n")
        process.run_forever(timeout=5)
        assert process.returncode == code, process.returncode
        process.close()


async def main(recording):
    async def accept(socket):
        try:
            await execute(socket, recording.connection())
        except ConnectionClosed:
            pass

    async with serve(
            accept, "127.0.0.1", PORT, subprotocols=["v4.channel.k8s.io"], ping_interval=None, compression=None):
        await asyncio.to_thread(talk)


with Recording(
        "kubernetes", [PORT], "kubernetes 37.0.2, websockets 17.4", "kubernetes", ["application-error"]) as recording:
    asyncio.run(main(recording))
