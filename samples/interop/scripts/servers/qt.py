"""Qt WebSockets, its server, which knows no compression."""

from PyQt5.QtCore import QT_VERSION_STR, QCoreApplication
from PyQt5.QtNetwork import QHostAddress
from PyQt5.QtWebSockets import QWebSocketServer

import peer

peer.say("version", "Qt", QT_VERSION_STR)
application = QCoreApplication([])
server = QWebSocketServer("echo", QWebSocketServer.NonSecureMode)
kept = []


def opened():
    socket = server.nextPendingConnection()
    kept.append(socket)

    def answer(message):
        message = message if isinstance(message, str) else bytes(message)
        peer.got(message)
        if end := peer.parting(message):
            socket.close(*end)
        else:
            (socket.sendTextMessage if isinstance(message, str) else socket.sendBinaryMessage)(message)

    socket.textMessageReceived.connect(answer)
    socket.binaryMessageReceived.connect(answer)
    socket.disconnected.connect(lambda: peer.closed(socket.closeCode()))


server.newConnection.connect(opened)
server.listen(QHostAddress(peer.HOST), peer.port())
application.exec()
