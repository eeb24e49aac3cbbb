// The two peers of node.pcapng, over TLS. Prints what each of them sent and received.
//
//   node --tls-keylog=KEYS node.js CERTIFICATE KEY

"use strict";

const { readFileSync } = require("node:fs");
const https = require("node:https");
const { WebSocket, WebSocketServer } = require("ws");

const PORT = 8443;
const [cert, key] = process.argv.slice(2).map((path) => readFileSync(path));
const logs = { client: { sent: [], heard: [] }, server: { sent: [], heard: [] } };
const closes = {};
let tls;

function item(data, isBinary) {
  return isBinary ? { kind: "binary", hex: Buffer.from(data).toString("hex") } : { kind: "text", payload: data.toString() };
}

function control(kind, data) {
  return { kind, hex: Buffer.from(data).toString("hex") };
}

function listen(socket, side) {
  const { heard, sent } = logs[side];
  socket.on("message", (data, isBinary) => heard.push(item(data, isBinary)));
  // The answer to a ping is sent unseen.
  socket.on("ping", (data) => {
    heard.push(control("ping", data));
    sent.push(control("pong", data));
  });
  socket.on("pong", (data) => heard.push(control("pong", data)));
  socket.on("close", (code, reason) => {
    closes[side] = { code, reason: reason.toString() };
    if (closes.client && closes.server) {
      listener.close();
      const versions = { node: process.versions.node, openssl: process.versions.openssl, ws: require("ws/package.json").version };
      console.log(JSON.stringify({ logs, closes, tls, versions }));
    }
  });
}

function send(socket, side, data) {
  socket.send(data);
  logs[side].sent.push(item(data, typeof data !== "string"));
}

const listener = https.createServer({ cert, key, ALPNProtocols: ["http/1.1"] });
const server = new WebSocketServer({ server: listener, perMessageDeflate: { threshold: 100 } });

server.on("connection", (socket) => {
  listen(socket, "server");
  socket.on("message", (data, isBinary) => {
    send(socket, "server", isBinary ? Buffer.from(data).reverse() : `echo: ${data}`);
  });
});

listener.listen(PORT, "127.0.0.1", () => {
  const lookup = (name, { all }, found) => (all ? found(null, [{ address: "127.0.0.1", family: 4 }]) : found(null, "127.0.0.1", 4));
  const options = { lookup, servername: "feed.example", ca: cert, ALPNProtocols: ["http/1.1"] };
  const socket = new WebSocket(`wss://feed.example:${PORT}/feed`, options);
  const messages = ["hello from Node", Buffer.from([1, 2, 3, 253, 254, 255]), "compress me, ".repeat(40), "ř".repeat(10)];
  listen(socket, "client");
  socket.on("open", () => {
    const { _socket: secure } = socket;
    tls = { version: secure.getProtocol(), cipher: secure.getCipher().standardName, server_name: "feed.example",
            alpn: secure.alpnProtocol };
    socket.ping("from Node");
    logs.client.sent.push(control("ping", "from Node"));
  });
  socket.on("pong", () => send(socket, "client", messages.shift()));
  socket.on("message", () => {
    if (messages.length > 0) {
      send(socket, "client", messages.shift());
    } else {
      socket.close(1000, "done");
    }
  });
});
