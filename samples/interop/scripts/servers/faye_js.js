// faye-websocket for Node.js, its server, which knows no compression unless permessage-deflate is there.
const http = require("http");
const WebSocket = require("faye-websocket");
const peer = require("../peer.js");

peer.version("faye-websocket");
const server = http.createServer();
server.on("upgrade", (request, stream, head) => {
  const socket = new WebSocket(request, stream, head);
  socket.on("message", ({ data }) => {
    peer.got(data);
    const end = peer.parting(data);
    if (end) socket.close(...end);
    else socket.send(data);
  });
  socket.on("close", ({ code }) => peer.closed(code));
});
server.listen(Number(process.argv[2]), "127.0.0.1");
