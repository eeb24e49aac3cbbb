"""websockets, its threading server."""

from websockets.extensions.permessage_deflate import ServerPerMessageDeflateFactory
from websockets.sync.server import serve

import peer


def echo(connection):
    for message in connection:
        peer.got(message)
        if end := peer.parting(message):
            connection.close(*end)
        else:
            connection.send(message)
    peer.closed(connection.close_code)


def extensions():
    accept = peer.parameters()
    return [ServerPerMessageDeflateFactory(**accept)] if accept.pop("deflate", False) else None


peer.version("websockets")
with serve(echo, peer.HOST, peer.port(), extensions=extensions(), compression=None, ping_interval=None) as server:
    server.serve_forever()
