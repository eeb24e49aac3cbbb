"""libsoup, its server."""

import gi

gi.require_version("Soup", "3.0")
from gi.repository import Gio, GLib, Soup

import peer

kept = []


def on_message(connection, kind, message):
    data = message.get_data() or b""
    is_text = kind == Soup.WebsocketDataType.TEXT
    text = data.decode() if is_text else data
    peer.got(text)
    if end := peer.parting(text):
        connection.close(*end)
    else:
        connection.send_message(kind, GLib.Bytes.new(data))


def opened(server, message, path, connection, *more):
    kept.append(connection)
    connection.connect("message", on_message)
    connection.connect("closed", lambda connection: peer.closed(connection.get_close_code()))


peer.say("version", "libsoup", f"{Soup.MAJOR_VERSION}.{Soup.MINOR_VERSION}.{Soup.MICRO_VERSION}")
server = Soup.Server()
if not peer.parameters().get("deflate"):
    server.remove_websocket_extension(Soup.WebsocketExtensionDeflate)
server.add_websocket_handler("/", None, None, opened)
server.listen(Gio.InetSocketAddress.new_from_string(peer.HOST, peer.port()), Soup.ServerListenOptions(0))
GLib.MainLoop().run()
