// A server of sockjs-node and a client of sockjs-client. Prints a line of JSON for each unit that one of them says it sends;
// what a server sends that no callback tells is logged by the client when it comes.
"use strict";
const http = require("http");
const sockjs = require("sockjs");
const SockJS = require("sockjs-client");

const port = Number(process.argv[2]);
const say = (sender, kind, more = {}) => console.log(JSON.stringify({ sender, kind, ...more }));

/** A message of SockJS, and what is in it where that is JSON. */
function message(sender, text) {
  say(sender, "message");
  if (text.startsWith("{")) {
    const inner = JSON.parse(text);
    say(sender, inner.type, { id: inner.id });
  }
}

const echo = sockjs.createServer({ log: () => {} });
echo.on("connection", (connection) => {
  connection.on("data", (text) => {
    message("client", text);
    if (text === "bye") return connection.close(3001, "the tide is out");
    connection.write(text);
  });
});
const server = http.createServer();
echo.installHandlers(server, { prefix: "/harbour" });
server.listen(port, "127.0.0.1", () => {
  const client = new SockJS(`http://127.0.0.1:${port}/harbour`, null, { transports: ["websocket"] });
  const texts = ["ahoy", '{"type":"tide","id":1}', '{"type":"tide","id":2}', "two \"quoted\" words", "bye"];
  const next = () => client.send(texts.shift());
  client.onopen = () => {
    say("server", "open");
    next();
  };
  client.onmessage = (event) => {
    message("server", event.data);
    next();
  };
  client.onclose = (event) => {
    say("server", "close", { name: String(event.code) });
    setTimeout(() => process.exit(0), 500);
  };
});
