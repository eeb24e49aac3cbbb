// The two peers of node-ws.pcap. Prints what each of them sent and received.

"use strict";

const { WebSocket, WebSocketServer } = require("ws");

const PORT = 3000;

function counts() {
  return { sent: {}, received: {} };
}

function count(side, kind) {
  side[kind] = (side[kind] ?? 0) + 1;
}

// What a socket received. It answers pings and closes by itself, so those answers only their receiver can count.
function listen(socket, counted) {
  socket.on("message", (data, isBinary) => count(counted.received, isBinary ? "binary" : "text"));
  socket.on("ping", () => count(counted.received, "ping"));
  socket.on("pong", () => count(counted.received, "pong"));
  socket.on("close", (code, reason) => {
    // 1006 is not in a frame: it stands for a connection that ended without one.
    if (code !== 1006) {
      count(counted.received, "close");
    }
    closed.push({ code, reason: reason.toString() });
    if (closed.length === 2) {
      listener.close();
      report();
    }
  });
}

function report() {
  const versions = { node: process.versions.node, ws: require("ws/package.json").version };
  console.log(JSON.stringify({ client, server, closed, versions }));
}

const client = counts();
const server = counts();
const closed = [];

const listener = new WebSocketServer({ host: "127.0.0.1", port: PORT, perMessageDeflate: false });

listener.on("connection", (socket) => {
  listen(socket, server);
  socket.on("message", (data, isBinary) => {
    if (isBinary) {
      socket.send(data.reverse());
      count(server.sent, "binary");
      return;
    }
    const { turn } = JSON.parse(data);
    socket.send(JSON.stringify({ turn, board: "♜♞♝♛♚♝♞♜", next: turn < 3 ? "your move" : "mate" }));
    count(server.sent, "text");
    if (turn === 3) {
      socket.close(4001, "game over: checkmate ♚");
      count(server.sent, "close");
    }
  });
  socket.ping("ready?");
  count(server.sent, "ping");
});

listener.on("listening", () => {
  const socket = new WebSocket(`ws://127.0.0.1:${PORT}/game/7`);
  const moves = ["e4", "Qh5", "Qxf7#"];

  function move(turn) {
    socket.send(JSON.stringify({ turn, move: moves[turn - 1] }));
    count(client.sent, "text");
  }

  listen(socket, client);
  socket.on("open", () => {
    socket.ping("clock");
    count(client.sent, "ping");
    socket.send(Buffer.from([1, 2, 3, 250, 251, 252]));
    count(client.sent, "binary");
  });
  socket.on("message", (data, isBinary) => {
    const turn = isBinary ? 0 : JSON.parse(data).turn;
    if (turn < 3) {
      setTimeout(move, 50, turn + 1);
    }
  });
});
