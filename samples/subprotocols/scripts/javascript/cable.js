// The client of Rails' Action Cable. Prints a line of JSON for each message that it sends, and each that comes.
"use strict";
const port = process.argv[2];
const say = (sender, kind, more = {}) => console.log(JSON.stringify({ sender, kind, ...more }));

// What it needs of a page.
globalThis.self = globalThis;
globalThis.document = { visibilityState: "visible", createElement: () => ({}), head: {} };
globalThis.addEventListener = () => {};
globalThis.removeEventListener = () => {};
const cable = require("@rails/actioncable");

const channel = (message) => message.identifier && JSON.parse(message.identifier).channel;
class Socket extends require("faye-websocket").Client {
  constructor(url, protocols) {
    super(url, protocols);
    this.addEventListener("message", (event) => {
      const message = JSON.parse(event.data);
      const kind = message.type || "message";
      const more = { name: channel(message) };
      if (kind.endsWith("_subscription")) more.answers = "subscribe";
      if (kind === "reject_subscription") more.error = true;
      say("server", kind, more);
    });
  }

  send(text) {
    const message = JSON.parse(text);
    say("client", message.command, { name: channel(message) });
    super.send(text);
  }
}
Object.assign(Socket, { CONNECTING: 0, OPEN: 1, CLOSING: 2, CLOSED: 3 });
cable.adapters.WebSocket = Socket;

const consumer = cable.createConsumer(`ws://127.0.0.1:${port}/cable`);
const tide = consumer.subscriptions.create("TideChannel", {
  connected() {
    this.perform("measure", { metres: 3 });
  },
  received() {
    consumer.subscriptions.create("VaultChannel", {
      rejected() {
        // Long enough for a ping.
        setTimeout(() => {
          tide.unsubscribe();
          setTimeout(() => consumer.disconnect(), 200);
          setTimeout(() => process.exit(0), 700);
        }, 3500);
      },
    });
  },
});
