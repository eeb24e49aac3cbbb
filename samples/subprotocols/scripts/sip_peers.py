"""sip.pcap: kamailio and two clients of websockets: registrations, a message that is relayed and one to nobody, a call that is
busy; what the clients send, and what comes, read by Python's parser of header fields."""

import asyncio
import email.parser
import subprocess
import tempfile
import uuid
from pathlib import Path

from websockets.asyncio.client import connect

from recording import Recording
from sample import running, wait_until_open

PORT = 8765
CONFIGURATION = f"""
children=2
log_stderror=yes
listen=tcp:127.0.0.1:{PORT}
tcp_accept_no_cl=yes
loadmodule "kex.so"
loadmodule "tm.so"
loadmodule "sl.so"
loadmodule "pv.so"
loadmodule "rr.so"
loadmodule "maxfwd.so"
loadmodule "textops.so"
loadmodule "siputils.so"
loadmodule "usrloc.so"
loadmodule "registrar.so"
loadmodule "nathelper.so"
loadmodule "xhttp.so"
loadmodule "websocket.so"
modparam("nathelper|registrar", "received_avp", "$avp(RECEIVED)")
event_route[xhttp:request] {{
    if ($hdr(Upgrade) =~ "websocket" && ws_handle_handshake()) {{ exit; }}
    xhttp_reply("404", "Not Found", "", "");
}}
request_route {{
    force_rport();
    if (is_method("REGISTER")) {{
        fix_nated_register();
        save("location");
        exit;
    }}
    if (is_method("CANCEL")) {{ t_relay(); exit; }}
    if (is_method("ACK")) {{ t_check_trans(); exit; }}
    if (!lookup("location")) {{
        sl_send_reply("404", "Nobody at this pier");
        exit;
    }}
    t_relay();
}}
"""


class Client:
    """A user agent; everything that it sends and receives is logged for the connection."""

    def __init__(self, name, socket, connection):
        self.name, self.socket, self.connection = name, socket, connection
        self.sequence = 0
        self.registration = str(uuid.uuid4())

    @staticmethod
    def parse(text):
        first, _, rest = text.partition("\r\n")
        return first, email.parser.HeaderParser().parsestr(rest)

    async def send(self, text):
        first, fields = self.parse(text)
        number, method = fields["CSeq"].split()
        if first.startswith("SIP/2.0"):
            _, status, reason = first.split(" ", 2)
            self.connection.log(
                "client", status, name=reason, id=number, error=int(status) >= 400, answers=method)
        else:
            self.connection.log("client", method, name=first.split()[1], id=number)
        await self.socket.send(text)

    async def request(self, method, to, body="", more=""):
        self.sequence += 1
        branch = f"z9hG4bK{uuid.uuid4().hex[:12]}"
        target = "sip:harbour.example" if method == "REGISTER" else f"sip:{to}@harbour.example"
        await self.send(
            f"{method} {target} SIP/2.0\r\nVia: SIP/2.0/WS {self.name}.invalid;branch={branch}\r\nMax-Forwards: 70\r\n"
            f"From: <sip:{self.name}@harbour.example>;tag={self.name}\r\nTo: <sip:{to}@harbour.example>\r\n"
            f"Call-ID: {self.registration if method == 'REGISTER' else uuid.uuid4()}\r\nCSeq: {self.sequence} {method}\r\n"
            f"Contact: <sip:{self.name}@{self.name}.invalid;transport=ws>\r\n{more}"
            f"Content-Length: {len(body)}\r\n\r\n{body}")
        while True:
            first, fields = await self.receive()
            if first.startswith("SIP/2.0") and int(first.split()[1]) >= 200:
                break
        if method == "INVITE":
            await self.send(
                f"ACK {target} SIP/2.0\r\nVia: SIP/2.0/WS {self.name}.invalid;branch={branch}\r\nMax-Forwards: 70\r\n"
                f"From: {fields['From']}\r\nTo: {fields['To']}\r\nCall-ID: {fields['Call-ID']}\r\n"
                f"CSeq: {self.sequence} ACK\r\nContent-Length: 0\r\n\r\n")

    async def receive(self):
        first, fields = self.parse(await self.socket.recv())
        number, method = fields["CSeq"].split()
        if first.startswith("SIP/2.0"):
            _, status, reason = first.split(" ", 2)
            self.connection.log("server", status, name=reason, id=number, error=int(status) >= 400, answers=method)
        else:
            self.connection.log("server", method, name=first.split()[1], id=number)
        return first, fields

    async def answer(self, fields, *statuses):
        same = "".join(
            f"{name}: {value}\r\n" for name, value in fields.items() if name in ("Via", "From", "Call-ID", "CSeq"))
        for status in statuses:
            await self.send(
                f"SIP/2.0 {status}\r\n{same}To: {fields['To']};tag={self.name}\r\nContent-Length: 0\r\n\r\n")
            await asyncio.sleep(0.1)


async def main(recording):
    url = f"ws://127.0.0.1:{PORT}/"
    options = {"subprotocols": ["sip"], "ping_interval": None, "compression": None}
    async with connect(url, **options) as first, connect(url, **options) as second:
        pilot = Client("pilot", first, recording.connection())
        pier = Client("pier", second, recording.connection())
        await pilot.request("REGISTER", "pilot", more="Expires: 600\r\n")
        await pier.request("REGISTER", "pier", more="Expires: 600\r\n")
        await pilot.request("MESSAGE", "nobody", "ahoy", "Content-Type: text/plain\r\n")

        async def serve():
            line, fields = await pier.receive()
            assert line.startswith("MESSAGE"), line
            await pier.answer(fields, "200 OK")
            line, fields = await pier.receive()
            assert line.startswith("INVITE"), line
            await pier.answer(fields, "180 Ringing", "486 Busy Here")
            await pier.receive()

        serving = asyncio.create_task(serve())
        await pilot.request("MESSAGE", "pier", "ahoy", "Content-Type: text/plain\r\n")
        await pilot.request("INVITE", "pier")
        await serving


with tempfile.TemporaryDirectory() as folder:
    configuration = Path(folder) / "kamailio.cfg"
    configuration.write_text("#!KAMAILIO\n" + CONFIGURATION)
    command = ["kamailio", "-DD", "-E", "-f", configuration, "-Y", folder, "-w", folder, "-m", "32", "-P", f"{folder}/pid"]
    with running(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL):
        wait_until_open(PORT)
        with Recording("sip", [PORT], "kamailio 5.6.3, websockets 17.4", "sip", ["application-error"]) as recording:
            asyncio.run(main(recording))
