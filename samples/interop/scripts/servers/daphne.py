"""Daphne, which has Autobahn on Twisted below it."""

from daphne.server import Server

import asgi
import peer

peer.version("daphne")
peer.version("autobahn")
Server(asgi.application, endpoints=[f"tcp:port={peer.port()}:interface={peer.HOST}"], signal_handlers=True).run()
