"""ocpp.pcap: charging stations and a central system of mobilityhouse's ocpp, 1.6 and 2.0.1, with a call that is refused and
one that is answered late; what both log."""

import asyncio
import contextlib
import json
import logging
from datetime import datetime, timezone

import ocpp.v16
import ocpp.v201
from ocpp.routing import on
from websockets.asyncio.client import connect
from websockets.asyncio.server import serve
from websockets.exceptions import ConnectionClosedOK

from recording import Recording, listen

PORT = 8765
KINDS = {2: "CALL", 3: "CALLRESULT", 4: "CALLERROR"}


def now():
    return datetime.now(timezone.utc).isoformat()


class Old(ocpp.v16.ChargePoint):
    @on("BootNotification")
    def boot(self, **_):
        return ocpp.v16.call_result.BootNotification(current_time=now(), interval=60, status="Accepted")

    @on("Heartbeat")
    async def heartbeat(self):
        await asyncio.sleep(1.3)
        return ocpp.v16.call_result.Heartbeat(current_time=now())


class New(ocpp.v201.ChargePoint):
    @on("BootNotification")
    def boot(self, **_):
        return ocpp.v201.call_result.BootNotification(current_time=now(), interval=60, status="Accepted")

    @on("TransactionEvent")
    def event(self, **_):
        return ocpp.v201.call_result.TransactionEvent()


class Log(logging.Handler):
    """What a station says that it sent and received."""

    def __init__(self, connection):
        super().__init__()
        self.connection = connection
        self.calls = {}

    def emit(self, record):
        if record.msg not in ("%s: send %s", "%s: receive message %s"):
            return
        message = json.loads(record.args[1])
        kind, id = KINDS[message[0]], message[1]
        if kind == "CALL":
            self.calls[id] = message[2]
        self.connection.log(
            "client" if record.msg == "%s: send %s" else "server", kind, name=self.calls[id], id=id,
            error=kind == "CALLERROR", answers=None if kind == "CALL" else "CALL")


def station(kind, connection, socket):
    logger = listen(f"station-{kind.__module__}", Log(connection), logging.INFO)
    return kind("pier-7", socket, logger=logger)


async def central(socket):
    with contextlib.suppress(ConnectionClosedOK):
        await {"ocpp1.6": Old, "ocpp2.0.1": New}[socket.subprotocol]("pier-7", socket).start()


async def main(recording):
    async with serve(central, "127.0.0.1", PORT, subprotocols=["ocpp1.6", "ocpp2.0.1"], ping_interval=None):
        url = f"ws://127.0.0.1:{PORT}/pier-7"
        async with connect(url, subprotocols=["ocpp1.6"], ping_interval=None) as socket:
            pier = station(ocpp.v16.ChargePoint, recording.connection(), socket)
            task = asyncio.create_task(pier.start())
            call = ocpp.v16.call
            await pier.call(call.BootNotification(charge_point_model="Bollard", charge_point_vendor="Quay"))
            await pier.call(call.Heartbeat())
            await pier.call(call.StatusNotification(connector_id=1, error_code="NoError", status="Available"))
            task.cancel()
        async with connect(url, subprotocols=["ocpp2.0.1"], ping_interval=None) as socket:
            pier = station(ocpp.v201.ChargePoint, recording.connection(), socket)
            task = asyncio.create_task(pier.start())
            call = ocpp.v201.call
            await pier.call(
                call.BootNotification(charging_station={"model": "Bollard", "vendor_name": "Quay"}, reason="PowerUp"))
            await pier.call(
                call.TransactionEvent(
                    event_type="Started", timestamp=now(), trigger_reason="CablePluggedIn", seq_no=0,
                    transaction_info={"transaction_id": "t-1"}))
            task.cancel()


with Recording(
        "ocpp", [PORT], "ocpp 2.1.0, websockets 17.4", "ocpp",
        ["application-error", "application-slow"]) as recording:
    asyncio.run(main(recording))
