// ws for Node.js, its server.
const { WebSocketServer } = require("ws");
const peer = require("../peer.js");

peer.version("ws");
const { deflate, ...wishes } = peer.parameters();
const options = Object.fromEntries(Object.entries(wishes).map(([name, value]) => [peer.camelCase(name), value]));
const server = new WebSocketServer({
  host: "127.0.0.1", port: Number(process.argv[2]),
  perMessageDeflate: deflate ? { threshold: 0, ...options } : false,
});
server.on("connection", (socket) => {
  socket.on("message", (data, binary) => {
    const message = binary ? data : data.toString();
    peer.got(message);
    const end = peer.parting(message);
    if (end) socket.close(...end);
    else socket.send(message);
  });
  socket.on("close", (code) => peer.closed(code));
});
