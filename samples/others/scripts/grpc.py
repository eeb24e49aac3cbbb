"""grpc.pcap: gRPC without TLS, by its own library: single calls, and streams both ways."""

import random
from concurrent.futures import ThreadPoolExecutor

import grpc

from other import Other

# A port where tshark looks for HTTP.
PORT = 8080
LENGTHS = [0, 1, 2, 5, 17, 60, *range(120, 134), 300, 3_000]
chance = random.Random(8080)

answers = grpc.method_handlers_generic_handler("harbour.Ferries", {
    "Ask": grpc.unary_unary_rpc_method_handler(lambda question, context: question[::-1]),
    "Talk": grpc.stream_stream_rpc_method_handler(lambda questions, context: (question[::-1] for question in questions)),
})


def visit():
    with grpc.insecure_channel(f"127.0.0.1:{PORT}") as channel:
        ask = channel.unary_unary("/harbour.Ferries/Ask")
        for length in LENGTHS:
            ask(chance.randbytes(length))
        for _ in channel.stream_stream("/harbour.Ferries/Talk")(chance.randbytes(length) for length in LENGTHS * 2):
            pass


server = grpc.server(ThreadPoolExecutor(2), handlers=[answers])
server.add_insecure_port(f"127.0.0.1:{PORT}")
server.start()
with Other("grpc", ports=[PORT], protocols=["http2", "grpc"]):
    visit()
    server.stop(grace=None).wait()
