"""smtp.pcap: smtplib and aiosmtpd, with attachments, several letters on one connection, and a refusal."""

import random
import smtplib
from email.message import EmailMessage

from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Sink

from other import Other

PORT = 25
chance = random.Random(25)


def letter(attachment):
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "kofi@harbour.example", "ines@harbour.example", "Fog over the strait"
    message.set_content("Dzień dobry! Łucja says the ferry is late.\n.\n.. and so is the tide.\n" * 5)
    message.add_attachment(chance.randbytes(attachment), maintype="application", subtype="octet-stream", filename="crane.bin")
    return message


def visit():
    with smtplib.SMTP("127.0.0.1", PORT) as client:
        client.ehlo("visitor.example")
        for attachment in (10, 500, 9_000):
            client.send_message(letter(attachment))
        # As it is, in eight bits.
        client.sendmail("kofi@harbour.example", ["ines@harbour.example"], "Subject: 8bit\r\n\r\nŁódź ⚓\r\n".encode() * 30, ["BODY=8BITMIME"])
        client.noop()
        client.rset()
    with smtplib.SMTP("127.0.0.1", PORT) as client:
        client.helo("visitor.example")
        client.docmd("EXPN", "everybody")


controller = Controller(Sink(), hostname="127.0.0.1", port=PORT)
with Other("smtp", ports=[PORT], protocols=["smtp", "imf"]):
    controller.start()
    visit()
    controller.stop()
