"""Flask-Sock on simple-websocket and the threaded server of Werkzeug, which writes a response after the close frame."""

import logging

from flask import Flask
from flask_sock import Sock
from simple_websocket import ConnectionClosed

import peer

application = Flask(__name__)
logging.getLogger("werkzeug").setLevel(logging.ERROR)


@Sock(application).route("/")
def echo(connection):
    try:
        while True:
            message = connection.receive()
            peer.got(message)
            if end := peer.parting(message):
                connection.close(*end)
            else:
                connection.send(message)
    except ConnectionClosed as end:
        peer.closed(int(end.reason))


peer.version("flask-sock")
peer.version("simple-websocket")
peer.version("werkzeug")
application.run(peer.HOST, peer.port(), threaded=True)
