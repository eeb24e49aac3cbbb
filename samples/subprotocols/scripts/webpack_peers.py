"""webpack.pcap: what webpack-dev-server tells a page, from its client (client-src/index.js)."""

from reload import record

record(
    "webpack", "the client of webpack-dev-server 5", "/ws", None,
    [
        ({"type": "hot"}, None),
        ({"type": "liveReload"}, None),
        ({"type": "hash", "data": "a1b2c3d4e5f6"}, None),
        ({"type": "ok"}, None),
        ({"type": "invalid", "data": "/src/pier.js"}, None),
        ({"type": "hash", "data": "b1b2c3d4e5f6"}, None),
        ({"type": "errors", "data": [{"message": "Module not found"}], "params": {}}, None),
        ({"type": "static-changed"}, None),
    ])
