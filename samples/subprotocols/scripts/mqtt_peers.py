"""mqtt.pcap: paho-mqtt and mosquitto, 3.1.1 and 5, at every QoS; what mosquitto logs."""

import re
import subprocess
import tempfile
import threading
import time
from pathlib import Path

import paho.mqtt.client as mqtt

from recording import Recording
from sample import running, wait_until_open

PORT, PLAIN = 8765, 8766
# A listener for WebSocket alone does not start.
CONFIGURATION = f"""
user root
listener {PLAIN} 127.0.0.1
listener {PORT}
socket_domain ipv4
protocol websockets
password_file %s
allow_anonymous false
log_type all
log_dest file %s
"""
LINE = re.compile(r"\d+: (Received|Sending) (\w+) (?:from|to) (\S+)(?: \((.*)\))?$")
SENT = re.compile(r"m(?:id)?:? ?(\d+)", re.IGNORECASE)


def wait(event):
    if not event.wait(10):
        raise SystemExit("mosquitto did not answer")


def talk(version, name):
    done = threading.Semaphore(0)
    client = mqtt.Client(
        mqtt.CallbackAPIVersion.VERSION2, client_id=name, transport="websockets", protocol=version)
    client.username_pw_set("harbour", "a secret word")
    client.ws_set_options(path="/mqtt")
    client.on_connect = client.on_subscribe = client.on_publish = client.on_unsubscribe = lambda *_: done.release()
    received = threading.Semaphore(0)
    client.on_message = lambda *_: received.release()
    client.connect("127.0.0.1", PORT, keepalive=30)
    client.loop_start()

    def completed():
        if not done.acquire(timeout=10):
            raise SystemExit("mosquitto did not answer")

    completed()
    client.subscribe("ferry/#", 2)
    completed()
    for qos, text in enumerate(["late again", "on its way", "arrived"]):
        client.publish(f"ferry/{qos}", text, qos=qos)
        completed()
        if not received.acquire(timeout=10):
            raise SystemExit("nothing came back")
    client.publish("ferry/picture", bytes(range(256)) * 40, qos=1)
    completed()
    received.acquire(timeout=10)
    client.unsubscribe("ferry/#")
    completed()
    time.sleep(0.2)
    client.disconnect()
    client.loop_stop()


def refused(name):
    """A client with a wrong password."""
    ended = threading.Event()
    client = mqtt.Client(mqtt.CallbackAPIVersion.VERSION2, client_id=name, transport="websockets")
    client.username_pw_set("harbour", "a wrong word")
    client.on_connect = lambda *_: ended.set()
    client.connect("127.0.0.1", PORT)
    client.loop_start()
    wait(ended)
    client.disconnect()
    client.loop_stop()


ANSWERS = {
    "CONNACK": "CONNECT", "PUBACK": "PUBLISH", "PUBREC": "PUBLISH", "PUBREL": "PUBREC", "PUBCOMP": "PUBREL",
    "SUBACK": "SUBSCRIBE", "UNSUBACK": "UNSUBSCRIBE",
}


def read(log, recording, names):
    """What mosquitto says that it received and sent, by client."""
    connections = {name: recording.connection() for name in names}
    for line in log.splitlines():
        # An unsuccessful client is named no more when it is answered.
        found = LINE.match(line)
        if not found:
            match = re.search(r"New client connected from \S+ as (\S+) ", line)
            if match and match[1] in connections:
                connections[match[1]].log("client", "CONNECT", name=match[1])
            continue
        direction, kind, name, details = found.groups()
        if name not in connections:
            continue
        identifier = SENT.search(details or "")
        topic = re.search(r"'([^']*)'", details or "")
        qos = re.search(r"q(\d)", details or "")
        id = identifier[1] if identifier and not (kind == "PUBLISH" and qos and qos[1] == "0") else None
        if kind in ("CONNACK", "PINGREQ", "PINGRESP", "DISCONNECT", "SUBSCRIBE", "UNSUBSCRIBE"):
            id = None
        connections[name].log(
            "client" if direction == "Received" else "server", kind, name=topic[1] if topic else None, id=id,
            answers=ANSWERS.get(kind))


def main():
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        log, passwords = folder / "log", folder / "passwords"
        subprocess.run(["mosquitto_passwd", "-b", "-c", passwords, "harbour", "a secret word"], check=True)
        (folder / "conf").write_text(CONFIGURATION % (passwords, log))
        with running(["mosquitto", "-c", folder / "conf"]):
            wait_until_open(PORT, "0.0.0.0")
            with Recording("mqtt", [PORT], "mosquitto 2.0.11, paho-mqtt 2.2.0", "mqtt", ["application-error"]) as recording:
                talk(mqtt.MQTTv311, "old")
                talk(mqtt.MQTTv5, "new")
                refused("stranger")
                time.sleep(0.5)
                read(log.read_text(), recording, ["old", "new"])
                stranger = recording.connection()
                stranger.log("client", "CONNECT", name="stranger")
                stranger.log("server", "CONNACK", error=True, answers="CONNECT")


main()
