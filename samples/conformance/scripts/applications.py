"""What goes wrong in the protocols inside the messages: JSON-RPC, OCPP, MQTT and Engine.IO. WebSocket itself is fine."""

import json
import time

from stage import by_client, by_server, capture, part, shake
from wire import BINARY, request, response

LONGER_THAN_SLOW = 1.2


def say(sender, receiver, text):
    sender.text(text)
    receiver.read_frame()


def call(id, method="tide.now"):
    return json.dumps({"jsonrpc": "2.0", "id": id, "method": method})


def result(id):
    return json.dumps({"jsonrpc": "2.0", "id": id, "result": "low"})


@capture("application-error", "A call of JSON-RPC fails: there is no such method.", by_server("application-error", 2))
def error(stage):
    client, server = stage.raw()
    shake(client, server)
    say(client, server, call(1, "tide.never"))
    say(server, client, json.dumps({"jsonrpc": "2.0", "id": 1, "error": {"code": -32601, "message": "Method not found"}}))
    part(client, server)


@capture("application-unanswered", "A call of JSON-RPC is not answered, though the connection lives for a second more.",
         by_server("application-unanswered"))
def unanswered(stage):
    client, server = stage.raw()
    shake(client, server)
    say(client, server, call(1))
    say(client, server, call(2))
    say(server, client, result(2))
    time.sleep(LONGER_THAN_SLOW)
    part(client, server)


@capture("application-unanswered.publish", "A message of MQTT with QoS 1 is not acknowledged.",
         by_server("application-unanswered"))
def unacknowledged(stage):
    client, server = stage.raw()
    shake(client, server, request({"Sec-WebSocket-Protocol": "mqtt"}), fields={"Sec-WebSocket-Protocol": "mqtt"})
    for sender, receiver, packet in (
        (client, server, b"\x10\x10\x00\x04MQTT\x04\x02\x00\x3c\x00\x04pier"),
        (server, client, b"\x20\x02\x00\x00"),
        (client, server, b"\x32\x0c\x00\x06harbor\x00\x01hi"),
        (client, server, b"\x32\x0c\x00\x06harbor\x00\x02ho"),
        (server, client, b"\x40\x02\x00\x02"),
    ):
        sender.frame(BINARY, packet)
        receiver.read_frame()
    time.sleep(LONGER_THAN_SLOW)
    part(client, server)


@capture("application-slow", "A call of JSON-RPC is answered after more than a second.", by_server("application-slow", 2))
def slow(stage):
    client, server = stage.raw()
    shake(client, server)
    say(client, server, call(1))
    time.sleep(LONGER_THAN_SLOW)
    say(server, client, result(1))
    part(client, server)


@capture("application-duplicate-id", "Two calls of JSON-RPC have one id.", by_client("application-duplicate-id", 2))
def duplicate(stage):
    client, server = stage.raw()
    shake(client, server)
    say(client, server, call(7))
    say(client, server, call(7, "tide.next"))
    say(server, client, result(7))
    part(client, server)


@capture("application-heartbeat-missed", "The server of Engine.IO sends no ping for longer than it said.",
         by_server("application-heartbeat-missed", 4))
def silent(stage):
    client, server = stage.raw()
    shake(client, server, request(line="GET /socket.io/?EIO=4&transport=websocket HTTP/1.1"))
    say(server, client, '0{"sid":"pier","upgrades":[],"pingInterval":300,"pingTimeout":200,"maxPayload":1000000}')
    say(client, server, "40")
    say(server, client, '40{"sid":"ferry"}')
    time.sleep(LONGER_THAN_SLOW)
    say(server, client, "2")
    say(client, server, "3")
    part(client, server)


@capture("application-malformed", "A text is no message of the subprotocol that was agreed on.",
         by_client("application-malformed", 3))
def malformed(stage):
    client, server = stage.raw()
    shake(client, server, request({"Sec-WebSocket-Protocol": "ocpp1.6"}), fields={"Sec-WebSocket-Protocol": "ocpp1.6"})
    say(client, server, '[2,"1","Heartbeat",{}]')
    say(server, client, '[3,"1",{"currentTime":"2026-11-28T12:00:00Z"}]')
    say(client, server, "Heartbeat")
    part(client, server)


@capture("handshake-slow", "The server answers the upgrade request after more than a second.", by_server("handshake-slow"))
def slow_handshake(stage):
    client, server = stage.raw()
    client.send(request())
    asked = server.read_head()
    time.sleep(LONGER_THAN_SLOW)
    server.send(response(asked))
    client.read_head()
    part(client, server)
