"""libsoup, its client."""

import gi

gi.require_version("Soup", "3.0")
from gi.repository import GLib, Soup

import peer

peer.say("version", "libsoup", f"{Soup.MAJOR_VERSION}.{Soup.MINOR_VERSION}.{Soup.MICRO_VERSION}")
loop = GLib.MainLoop()
steps, unanswered = peer.steps(), 0


def go_on(connection):
    """Takes the steps up to the next wait for an answer."""
    global unanswered
    for name, arguments in steps:
        if name == "send":
            [message] = arguments
            is_text = isinstance(message, str)
            connection.send_message(Soup.WebsocketDataType.TEXT if is_text else Soup.WebsocketDataType.BINARY,
                                    GLib.Bytes.new(message.encode() if is_text else message))
            unanswered += 1
        elif name == "close":
            connection.close(*arguments)
        elif unanswered:
            return


def on_message(connection, kind, message):
    global unanswered
    data = message.get_data() or b""
    peer.got(data.decode() if kind == Soup.WebsocketDataType.TEXT else data)
    unanswered -= 1
    if not unanswered:
        go_on(connection)


def on_closed(connection):
    peer.closed(connection.get_close_code())
    loop.quit()


def connected(session, result):
    global kept
    kept = connection = session.websocket_connect_finish(result)
    connection.connect("message", on_message)
    connection.connect("closed", on_closed)
    go_on(connection)


session = Soup.Session()
if peer.parameters().get("deflate"):
    # The library offers compression by itself.
    session.add_feature_by_type(Soup.WebsocketExtensionManager)
else:
    session.remove_feature_by_type(Soup.WebsocketExtensionManager)
session.websocket_connect_async(Soup.Message.new("GET", peer.url()), None, None, GLib.PRIORITY_DEFAULT, None, connected)
loop.run()
