"""vite.pcap: what vite tells a page, from its types (packages/vite/types/hmrPayload.d.ts)."""

from reload import record

update = {"type": "js-update", "path": "/src/pier.js", "acceptedPath": "/src/pier.js", "timestamp": 1764500000000}
record(
    "vite", "the types of vite 5", "/", "vite-hmr",
    [
        ({"type": "connected"}, None),
        ({"type": "update", "updates": [update, {**update, "path": "/src/tide.js"}]}, "/src/pier.js"),
        ({"type": "custom", "event": "harbour:tide", "data": {"metres": 3}}, "harbour:tide"),
        ({"type": "prune", "paths": ["/src/old.js"]}, None),
        ({"type": "error", "err": {"message": "Unexpected token", "stack": ""}}, None),
        ({"type": "full-reload", "path": "/index.html"}, "/index.html"),
    ],
    [{"type": "ping"}])
