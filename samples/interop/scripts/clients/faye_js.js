// faye-websocket for Node.js, its client.
const { Client } = require("faye-websocket");
const peer = require("../peer.js");

peer.version("faye-websocket");
const socket = new Client(process.argv[2]);
peer.talk({
  start: (begin) => socket.on("open", begin),
  send: (message) => socket.send(message),
  ping: (payload) => socket.ping(payload),
  close: (code, reason) => socket.close(code, reason),
  receive: (answer) => socket.on("message", ({ data }) => answer(data)),
});
socket.on("close", ({ code }) => peer.closed(code));
