"""Tornado, its server."""

import asyncio

import tornado.web
import tornado.websocket

import peer


class Echo(tornado.websocket.WebSocketHandler):
    def check_origin(self, origin):
        return True

    def get_compression_options(self):
        return {} if peer.parameters().get("deflate") else None

    def on_message(self, message):
        peer.got(message)
        if end := peer.parting(message):
            self.close(*end)
        else:
            self.write_message(message, binary=isinstance(message, bytes))

    def on_close(self):
        peer.closed(self.close_code)


async def main():
    peer.version("tornado")
    tornado.web.Application([("/", Echo)]).listen(peer.port(), peer.HOST)
    await peer.forever()


asyncio.run(main())
