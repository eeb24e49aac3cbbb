"""Qt WebSockets, its client, which knows no compression."""

from PyQt5.QtCore import QT_VERSION_STR, QCoreApplication, QUrl
from PyQt5.QtWebSockets import QWebSocket

import peer

peer.say("version", "Qt", QT_VERSION_STR)
application = QCoreApplication([])
socket = QWebSocket()
steps, unanswered = peer.steps(), 0


def go_on():
    """Takes the steps up to the next wait for an answer."""
    global unanswered
    for name, arguments in steps:
        if name == "send":
            [message] = arguments
            (socket.sendTextMessage if isinstance(message, str) else socket.sendBinaryMessage)(message)
            unanswered += 1
        elif name == "ping":
            socket.ping(*arguments)
        elif name == "close":
            socket.close(*arguments)
        elif unanswered:
            return


def answer(message):
    global unanswered
    peer.got(message if isinstance(message, str) else bytes(message))
    unanswered -= 1
    if not unanswered:
        go_on()


def ended():
    peer.closed(socket.closeCode())
    application.quit()


socket.connected.connect(go_on)
socket.textMessageReceived.connect(answer)
socket.binaryMessageReceived.connect(answer)
socket.disconnected.connect(ended)
socket.open(QUrl(peer.url()))
application.exec()
