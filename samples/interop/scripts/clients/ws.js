// ws for Node.js, its client.
const WebSocket = require("ws");
const peer = require("../peer.js");

peer.version("ws");
const { deflate, ...wishes } = peer.parameters();
const options = Object.fromEntries(Object.entries(wishes).map(([name, value]) => [peer.camelCase(name), value]));
const socket = new WebSocket(process.argv[2], { perMessageDeflate: deflate ? { threshold: 0, ...options } : false });
peer.talk({
  start: (begin) => socket.on("open", begin),
  send: (message) => socket.send(message),
  ping: (payload) => socket.ping(payload),
  fragments: (kind, parts) =>
    parts.forEach((part, i) => socket.send(part, { binary: kind === "binary", fin: i === parts.length - 1 })),
  close: (code, reason) => socket.close(code, reason),
  receive: (answer) => socket.on("message", (data, binary) => answer(binary ? data : data.toString())),
});
socket.on("close", (code) => peer.closed(code));
