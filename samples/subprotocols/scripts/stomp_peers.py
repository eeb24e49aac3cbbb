"""stomp.pcap: RabbitMQ's web-stomp and stomp.py: receipts, messages that are acknowledged, a transaction, an error; what
stomp.py tells its listeners."""

import os
import subprocess
import tempfile
import threading
import time
from pathlib import Path

import stomp

from recording import Recording
from sample import running, wait_until_open

PORT = 8765
CONFIGURATION = f"""
listeners.tcp.1 = 127.0.0.1:5673
web_stomp.tcp.ip = 127.0.0.1
web_stomp.tcp.port = {PORT}
"""


class Log(stomp.ConnectionListener):
    """Each frame that stomp.py says it sent or received, but for heart-beats."""

    def __init__(self, connection):
        self.connection = connection
        self.came = threading.Semaphore(0)
        self.destinations = {}

    def on_send(self, frame):
        if frame.cmd is None:
            return
        headers = frame.headers
        receipt = headers.get("receipt") if frame.cmd != "CONNECT" else None
        ack = headers.get("id") if frame.cmd in ("ACK", "NACK") else None
        name = headers.get("destination")
        if receipt:
            self.destinations[receipt] = name
        if frame.cmd in ("CONNECT", "STOMP"):
            name = headers.get("host")
        self.connection.log(
            "client", frame.cmd, name=name, id=receipt or ack, answers="MESSAGE" if ack else None)

    def receive(self, kind, **more):
        self.connection.log("server", kind, **more)
        self.came.release()

    def on_connected(self, frame):
        self.receive("CONNECTED", answers="STOMP")

    def on_receipt(self, frame):
        receipt = frame.headers["receipt-id"]
        self.receive("RECEIPT", name=self.destinations.get(receipt), id=receipt, answers=self.asked[receipt])

    def on_message(self, frame):
        self.receive("MESSAGE", name=frame.headers["destination"], id=frame.headers.get("ack"))

    def on_error(self, frame):
        self.receive("ERROR", error=True)

    asked = {"r-1": "SEND", "r-2": "SUBSCRIBE", "r-4": "COMMIT"}

    def wait(self):
        if not self.came.acquire(timeout=10):
            raise SystemExit("RabbitMQ did not answer")


def connected(recording):
    log = Log(recording.connection())
    connection = stomp.WSStompConnection([("127.0.0.1", PORT)], vhost="/", heartbeats=(20_000, 20_000), ws_path="/ws")
    connection.set_listener("log", log)
    connection.connect("guest", "guest", wait=True)
    log.wait()
    return log, connection


def talk(recording):
    log, connection = connected(recording)
    connection.subscribe("/queue/ferry", id="1", ack="client-individual", headers={"receipt": "r-2"})
    log.wait()
    connection.send("/queue/ferry", "The ferry is late again.", headers={"receipt": "r-1"})
    log.wait()
    log.wait()
    message = next(item for item in log.connection.items["server"] if item["kind"] == "MESSAGE")
    connection.ack(message["id"])
    transaction = connection.begin("t-1")
    connection.send("/queue/pier", "Two at the window.", transaction=transaction)
    connection.commit(transaction, headers={"receipt": "r-4"})
    log.wait()
    connection.transport.socket.close()
    log, connection = connected(recording)
    connection.subscribe("/nowhere/at/all", id="1")
    log.wait()
    time.sleep(0.5)
    connection.transport.socket.close()


with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
    folder = Path(folder)
    (folder / "rabbitmq.conf").write_text(CONFIGURATION)
    (folder / "plugins").write_text("[rabbitmq_web_stomp].\n")
    environment = {
        **os.environ, "HOME": str(folder), "RABBITMQ_NODENAME": "harbour@localhost", "RABBITMQ_MNESIA_BASE": str(folder),
        "RABBITMQ_LOG_BASE": str(folder), "RABBITMQ_CONFIG_FILE": str(folder / "rabbitmq.conf"),
        "RABBITMQ_ENABLED_PLUGINS_FILE": str(folder / "plugins"), "RABBITMQ_PID_FILE": str(folder / "pid"),
    }
    server = "/usr/lib/rabbitmq/bin/rabbitmq-server"
    with running([server], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL):
        for _ in range(6):
            try:
                wait_until_open(PORT)
                break
            except SystemExit:
                continue
        with Recording("stomp", [PORT], "RabbitMQ 3.10.8, stomp.py 9.0.0", "stomp", ["application-error"]) as recording:
            talk(recording)
