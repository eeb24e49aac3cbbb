"""Paho, an MQTT client over WebSocket. What it hands to its frames, and takes from them, is told by the wrapper below."""

import sys
import threading

import paho.mqtt.client as mqtt

import peer

TOPIC = "harbour/ferry"
WORDS = [f'{{"ferry": "14:{minute}", "late": {minute % 7}, "to": "Łódź"}}' for minute in range(20, 25)] + ["fog " * 100]


class Telling(mqtt._WebsocketWrapper):
    parts = b""

    def _create_frame(self, opcode, data, do_masking=1):
        if opcode == self.OPCODE_BINARY:
            peer.say("sent", "binary", bytes(data).hex())
        return super()._create_frame(opcode, data, do_masking)

    def _recv_impl(self, length):
        # A frame is taken in pieces; it is whole when the wrapper begins anew.
        part = super()._recv_impl(length)
        self.parts += part
        if part and self._payload_head == 0:
            peer.got(self.parts)
            self.parts = b""
        return part


mqtt._WebsocketWrapper = Telling
peer.version("paho-mqtt")
host, port = peer.url().removeprefix("ws://").rstrip("/").split(":")
heard, left, subscribed = [], threading.Event(), threading.Event()


def on_message(client, data, message):
    heard.append(message.payload.decode())
    if len(heard) == len(WORDS):
        client.disconnect()


client = mqtt.Client(mqtt.CallbackAPIVersion.VERSION2, "Inés", transport="websockets")
client.on_connect = lambda client, *more: client.subscribe(TOPIC, qos=1)
client.on_subscribe = lambda *more: subscribed.set()
client.on_message = on_message
client.on_disconnect = lambda *more: left.set()
client.connect(host, int(port))
client.loop_start()
subscribed.wait(10)
for words in WORDS:
    client.publish(TOPIC, words, qos=1)
left.wait(10)
client.loop_stop()
if heard != WORDS:
    sys.exit(f"heard {heard}")
