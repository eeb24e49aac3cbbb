"""mqtt.pcap: Paho and Mosquitto, over plain TCP, in versions 3.1.1 and 5.

SUBSCRIBE is the byte 0x82 and a length of seven bits: the beginning of a final binary frame without a mask.
"""

import random
import time

import paho.mqtt.client as mqtt

from other import Other, folder, serving

PORT = 1883
chance = random.Random(1883)


class Visitor:
    def __init__(self, version):
        self.done = set()
        self.client = mqtt.Client(mqtt.CallbackAPIVersion.VERSION2, client_id=f"visitor-{version}", protocol=version)
        self.client.on_subscribe = self.client.on_unsubscribe = lambda client, data, id, *rest: self.done.add(id)
        # The least that this client allows: it pings when it has been silent for as long.
        self.client.connect("127.0.0.1", PORT, keepalive=1)
        self.client.loop_start()

    def wait(self, id):
        while id not in self.done:
            time.sleep(0.002)

    def subscribe(self):
        # Topics of so many lengths that the length of the packet passes 125, 126, 127 and 128 too.
        for length in [1, 2, 3, 4, 5, 8, 16, 40, *range(116, 126), 200]:
            for topic in ("t" * length, "#" if length % 2 else "+"):
                self.wait(self.client.subscribe(topic, qos=length % 3)[1])
            self.wait(self.client.unsubscribe("t" * length)[1])
            self.wait(self.client.unsubscribe(["#", "+"])[1])
        self.wait(self.client.subscribe([(f"ferry/{number}", number % 3) for number in range(12)])[1])

    def publish(self):
        for number in range(36):
            payload = chance.randbytes(chance.choice([0, 1, 2, 5, 20, 124, 125, 126, 127, 400]))
            self.client.publish(f"ferry/{number % 12}", payload, qos=number // 12, retain=number % 5 == 0).wait_for_publish(5)

    def leave(self):
        # Long enough for two pings.
        time.sleep(2.5)
        self.client.disconnect()
        self.client.loop_stop()


with folder() as path:
    (path / "configuration").write_text(f"listener {PORT} 127.0.0.1\nallow_anonymous true\nuser root\n")
    with serving(["/usr/sbin/mosquitto", "-c", path / "configuration"], PORT):
        with Other("mqtt", ports=[PORT], protocols=["mqtt"]):
            for version in (mqtt.MQTTv311, mqtt.MQTTv5):
                visitor = Visitor(version)
                visitor.subscribe()
                visitor.publish()
                visitor.leave()
