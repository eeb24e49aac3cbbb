"""The pairs, each a list of rounds: who talks to whom, and what of permessage-deflate they offer and accept."""

from dataclasses import dataclass


@dataclass
class Round:
    client: str
    server: str
    offer: str = ""
    accept: str = ""
    # `close CODE REASON`, by the client, or `bye CODE REASON`, by which the client asks the server to close.
    end: str = "close 1000 thank you"
    long: bool = True
    pings: bool = False
    fragments: bool | str = False
    empty: bool = True
    # Whether messages may follow each other before they are answered.
    bursts: bool = True
    huge: bool = False
    via: str | None = None
    path: str = "/"
    # The client has a conversation of its own and tells both sides of it.
    own_words: bool = False
    # A peer is known to break a rule; and the other one hangs up because of it.
    violates: bool = False
    fails: bool = False
    linger: float = 0.3

    @property
    def deflates(self):
        """Whether the client offers compression, as browsers always do, and the server may accept it."""
        return "deflate" in self.offer or self.client in ("chromium", "firefox") and "deflate" in self.accept


def rounds(client, server, deflate, going_away=True, **more):
    """A full round without compression, and a short one for each pair of offer and acceptance. Each ends differently.

    Some libraries allow an application no 1001.
    """
    first = Round(client, server, **more)
    short = more | {"long": False, "pings": False, "huge": False}
    ends = ["bye 1001 going away" if going_away else "bye 3001 going away", "close 3000 enough",
            "bye 4001 you have been replaced", "close 1000 thank you"]
    return [first, *(Round(client, server, offer, accept, **(short | {"end": more.get("end") or ends[number % 4]}))
                     for number, (offer, accept) in enumerate(deflate))]


def windows(side, sizes=range(9, 16)):
    """Offer and acceptance with each size of window for one side."""
    if side == "server":
        return [(f"deflate,server_max_window_bits={bits}", "deflate") for bits in sizes]
    return [("deflate,client_max_window_bits", f"deflate,client_max_window_bits={bits}") for bits in sizes]


TAKEOVER = [
    ("deflate,client_max_window_bits", "deflate"),
    ("deflate,client_max_window_bits", "deflate,server_no_context_takeover"),
    ("deflate,client_no_context_takeover", "deflate"),
    ("deflate,server_no_context_takeover,client_no_context_takeover", "deflate"),
]

PAIRS = {
    "websockets-websockets": [
        *rounds("websockets_asyncio", "websockets_asyncio", TAKEOVER, pings=True, fragments="any"),
    ],
    "websockets-websockets-server-windows": rounds("websockets_asyncio", "websockets_asyncio", windows("server"),
                                                   fragments="any")[1:],
    "websockets-websockets-client-windows": rounds("websockets_asyncio", "websockets_asyncio", windows("client"),
                                                   fragments="any")[1:],
    # A message of 67,200 bytes each way, which compresses well.
    "websockets-websockets-huge": [Round("websockets_asyncio", "websockets_asyncio", *TAKEOVER[0], long=False, huge=True)],
    "aiohttp-websockets": rounds("aiohttp", "websockets_asyncio", [
        ("deflate", "deflate"), ("deflate,client_max_window_bits=10", "deflate"),
        ("deflate", "deflate,server_no_context_takeover,client_no_context_takeover")], pings=True),
    "websockets-aiohttp": rounds("websockets_asyncio", "aiohttp", [*TAKEOVER[::2], *windows("server", (9,))],
                                 pings=True, fragments="any"),
    "websockets-sync-websockets-sync": rounds("websockets_sync", "websockets_sync", [
        ("deflate", "deflate"), ("deflate", "deflate,server_max_window_bits=12,client_max_window_bits=12")],
        pings=True, fragments="any"),
    "websockets-legacy-websockets-legacy": rounds("websockets_legacy", "websockets_legacy", [
        ("deflate", "deflate")], pings=True, fragments="whole"),
    "tornado-websockets": rounds("tornado", "websockets_asyncio", [
        ("deflate", "deflate"), ("deflate", "deflate,client_max_window_bits=9")], pings=True),
    # Tornado does not see a parameter that has no value.
    "tornado-websockets-no-takeover": rounds("tornado", "websockets_asyncio", [
        ("deflate", "deflate,client_no_context_takeover")], violates=True, fails=True)[1:],
    "websockets-tornado-no-takeover": rounds("websockets_asyncio", "tornado", [
        ("deflate,server_no_context_takeover", "deflate")], violates=True, fails=True)[1:],
    "websockets-tornado": rounds("websockets_asyncio", "tornado", [
        *TAKEOVER[::2], ("deflate,client_max_window_bits=9", "deflate"), ("deflate,server_max_window_bits=9", "deflate")],
        fragments="any"),
    "autobahn-autobahn": rounds("autobahn", "autobahn", [
        ("deflate", "deflate"),
        ("deflate,client_max_window_bits,client_no_context_takeover", "deflate,client_max_window_bits=9"),
        ("deflate,server_max_window_bits=9", "deflate"),
        ("deflate,server_no_context_takeover,client_no_context_takeover", "deflate,client_no_context_takeover")],
        going_away=False, pings=True, fragments="whole"),
    "autobahn-websockets": rounds("autobahn", "websockets_asyncio", [
        ("deflate,client_max_window_bits", "deflate,client_max_window_bits=10"),
        ("deflate,server_max_window_bits=12,client_no_context_takeover", "deflate,client_no_context_takeover")],
        pings=True, fragments="any"),
    "websocket-client-websockets": rounds("websocket_client", "websockets_asyncio", [("", "")],
                                          pings=True, fragments="any"),
    "picows-picows": rounds("picows", "picows", [("", "")], pings=True, fragments="any"),
    "ws4py-ws4py": rounds("ws4py", "ws4py", [("", ""), ("", "")], fragments="any"),
    "lomond-aiohttp": rounds("lomond", "aiohttp", [("deflate", "deflate"), ("deflate", "")], pings=True),
    "simple-websocket-simple-websocket": [
        Round("simple_websocket", "simple_websocket", bursts=False),
        Round("simple_websocket", "simple_websocket", end="close 3000 enough", long=False, bursts=False)],
    # This client, asked to close, hangs up.
    "simple-websocket-websockets-bye": [
        Round("simple_websocket", "websockets_asyncio", end="bye 1001 going away", long=False, violates=True)],
    # This server now and then overlooks a message that comes together with another one.
    "websockets-simple-websocket": rounds("websockets_asyncio", "simple_websocket", TAKEOVER[3:],
                                          bursts=False, pings=True, fragments="any"),
    "httpx-ws-hypercorn": rounds("httpx_ws", "hypercorn", [("", "")], pings=True),
    "aiohttp-hypercorn": rounds("aiohttp", "hypercorn", [("deflate", ""), ("deflate,client_max_window_bits=11", "")],
                                pings=True),
    "trio-websocket-trio-websocket": rounds("trio_websocket", "trio_websocket", [("", "")], pings=True),
    "websockets-uvicorn-websockets": rounds("websockets_asyncio", "uvicorn", [
        (offer, f"{accept},ws=1") for offer, accept in TAKEOVER[::2]], pings=True, fragments="any")[1:],
    "websockets-uvicorn-sansio": rounds("websockets_asyncio", "uvicorn", [
        (offer, f"{accept},ws=2") for offer, accept in TAKEOVER[::3]], pings=True, fragments="any")[1:],
    "websockets-uvicorn-wsproto": rounds("websockets_asyncio", "uvicorn", [
        (offer, f"{accept},ws=3") for offer, accept in [*TAKEOVER[::3], *windows("server", (9,))]],
        pings=True, fragments="any")[1:],
    "websocket-client-gevent": rounds("websocket_client", "gevent", [("", "")],
                                      violates=True, pings=True, fragments="any"),
    "websockets-eventlet": rounds("websockets_asyncio", "eventlet", [TAKEOVER[0], TAKEOVER[3], *windows("server", (9,))],
                                  pings=True, fragments="any"),
    "websockets-flask-sock": rounds("websockets_asyncio", "flask_sock", TAKEOVER[:1],
                                    violates=True, pings=True, fragments="any"),
    "websockets-daphne": rounds("websockets_asyncio", "daphne", TAKEOVER[:1],
                                going_away=False, pings=True, fragments="any", empty=False),
    "websockets-sanic": rounds("websockets_asyncio", "sanic", TAKEOVER[:1], pings=True, fragments="any"),
    "ws-ws": rounds("ws", "ws", [
        ("deflate", "deflate"),
        ("deflate", "deflate,server_no_context_takeover,client_no_context_takeover"),
        ("deflate,client_max_window_bits=9,server_max_window_bits=10", "deflate"),
        ("deflate", "deflate,client_max_window_bits=8,server_max_window_bits=9")], pings=True, fragments="any"),
    "websockets-ws": rounds("websockets_asyncio", "ws", [*TAKEOVER[:2], TAKEOVER[3], *windows("server", (9,))],
                            pings=True, fragments="any"),
    "ws-websockets": rounds("ws", "websockets_asyncio", [
        ("deflate", "deflate,client_max_window_bits=9"), ("deflate,server_no_context_takeover", "deflate")],
        pings=True, fragments="any"),
    "gorilla-gorilla": rounds("gorilla", "gorilla", [("deflate", "deflate")], pings=True),
    "nhooyr-nhooyr": rounds("nhooyr", "nhooyr", [
        ("deflate", "deflate"), ("deflate,no_context_takeover", "deflate"), ("deflate", "deflate,no_context_takeover")],
        fragments="any"),
    "websockets-nhooyr": rounds("websockets_asyncio", "nhooyr", [*TAKEOVER[::2], TAKEOVER[3]],
                                pings=True, fragments="any"),
    "mojolicious-mojolicious": rounds("mojolicious", "mojolicious", [("deflate", "deflate"), ("deflate", "")],
                                      pings=True, fragments="any"),
    "websockets-mojolicious": rounds("websockets_asyncio", "mojolicious", TAKEOVER[::2], pings=True, fragments="any"),
    "websockets-mojolicious-no-takeover": rounds("websockets_asyncio", "mojolicious", [
        ("deflate,server_no_context_takeover", "deflate")], violates=True, fails=True)[1:],
    "anyevent-websockets": [Round("anyevent", "websockets_asyncio", pings=True),
                            Round("anyevent", "websockets_asyncio", end="close 4002 enough", long=False)],
    # It answers a close frame with the code 1005.
    "anyevent-websockets-bye": [
        Round("anyevent", "websockets_asyncio", end="bye 1001 going away", long=False, violates=True)],
    "faye-em-websocket": rounds("faye", "em_websocket", [("", ""), ("", "")], going_away=False, pings=True),
    "websockets-em-websocket": rounds("websockets_asyncio", "em_websocket", [("", "")],
                                      going_away=False, pings=True, fragments="any"),
    "faye-websockets": rounds("faye", "websockets_asyncio", [("", "")], pings=True),
    "websockets-websocket-driver": rounds("websockets_asyncio", "websocket_driver", [TAKEOVER[0]],
                                          pings=True, fragments="any"),
    "aiohttp-nginx-ws": rounds("aiohttp", "ws", [("deflate", "deflate")], via="nginx", pings=True),
    "ws-haproxy-websockets": rounds("ws", "websockets_asyncio", [("deflate", "deflate")],
                                    via="haproxy", pings=True, fragments="any"),
    "websockets-apache-tornado": rounds("websockets_asyncio", "tornado", [TAKEOVER[0]],
                                        via="apache", fragments="any"),
    "websockets-lighttpd-aiohttp": rounds("websockets_asyncio", "aiohttp", [TAKEOVER[0]], via="lighttpd", pings=True),
    "gorilla-caddy-nhooyr": rounds("gorilla", "nhooyr", [("deflate", "deflate")], via="caddy", pings=True),
    "websockets-libwebsockets": rounds("websockets_asyncio", "libwebsockets", TAKEOVER[::2],
                                       pings=True, fragments="any"),
    "websockets-libwebsockets-server-window": rounds("websockets_asyncio", "libwebsockets", windows("server", (9,)),
                                                     violates=True, fails=True)[1:],
    "chromium-websockets": rounds("chromium", "websockets_asyncio", [
        ("", "deflate"), ("", "deflate,client_max_window_bits=9,server_max_window_bits=9"),
        ("", "deflate,server_no_context_takeover,client_no_context_takeover")]),
    "chromium-ws": rounds("chromium", "ws", [("", "deflate")])[1:],
    "chromium-tornado": rounds("chromium", "tornado", [("", "deflate")])[1:],
    "chromium-gorilla": rounds("chromium", "gorilla", [("", "deflate")])[1:],
    "websockets-websocketpp": rounds("websockets_asyncio", "websocketpp", TAKEOVER[::3], pings=True, fragments="any"),
    "websockets-beast": rounds("websockets_asyncio", "beast", [*TAKEOVER[:2], TAKEOVER[3], *windows("client", (9,)), *windows("server", (9,))],
                               pings=True, fragments="any"),
    "ws-beast": rounds("ws", "beast", [("deflate", "deflate,server_max_window_bits=10,client_max_window_bits=10")],
                       fragments="any"),
    "firefox-websockets": rounds("firefox", "websockets_asyncio", [
        ("", "deflate"), ("", "deflate,server_no_context_takeover,client_no_context_takeover")], going_away=True),
    "soup-soup": rounds("soup", "soup", [("deflate", "deflate"), ("deflate", "")]),
    "soup-websockets": rounds("soup", "websockets_asyncio", [
        ("deflate", "deflate,client_max_window_bits=9,server_max_window_bits=9"),
        ("deflate", "deflate,client_no_context_takeover,server_no_context_takeover")]),
    "websockets-soup": rounds("websockets_asyncio", "soup", [*TAKEOVER[::2], *windows("server", (9,))],
                              pings=True, fragments="any"),
    "qt-qt": rounds("qt", "qt", [("", ""), ("", "")], pings=True),
    "faye-js-faye-js": rounds("faye_js", "faye_js", [("", ""), ("", "")], going_away=False, pings=True),
    "wsproto-websockets": rounds("wsproto", "websockets_asyncio", [
        ("deflate,client_max_window_bits=9,server_max_window_bits=9", "deflate"),
        ("deflate,client_no_context_takeover,server_no_context_takeover", "deflate"),
        ("deflate", "deflate,client_max_window_bits=12")], pings=True, fragments="whole"),
    "paho-mosquitto": [Round("paho", "mosquitto", own_words=True)],
    "socketio-socketio": [Round("socketio", "socketio", own_words=True)],
    "chromium-xnet": [Round("chromium", "xnet", end="bye 4001 you have been replaced")],
    # This server, asked to close, hangs up.
    "chromium-xnet-close": [Round("chromium", "xnet", long=False, violates=True)],
    "firefox-ws": rounds("firefox", "ws", [("", "deflate")])[1:],
    "firefox-haproxy-beast": rounds("firefox", "beast", [("", "deflate")], via="haproxy")[1:],
}
