// What the peers in JavaScript share: peer.py says what it is about.
const fs = require("fs");

exports.say = (...words) => fs.writeSync(1, words.join(" ") + "\n");

exports.version = (name) => {
  const { version } = JSON.parse(fs.readFileSync(`/usr/share/nodejs/${name}/package.json`));
  exports.say("version", name, version, "on Node.js", process.versions.node);
};

exports.parameters = () =>
  Object.fromEntries((process.argv[3] || "").split(",").filter(Boolean).map((word) => {
    const [name, value] = word.split("=");
    return [name, value ? Number(value) : true];
  }));

exports.camelCase = (name) => name.replace(/_(.)/g, (_, letter) => letter.toUpperCase());

exports.got = (message) =>
  exports.say(typeof message === "string" ? "text" : "binary", Buffer.from(message).toString("hex"));

exports.closed = (code) => exports.say("closed", code);

exports.parting = (message) => {
  const found = typeof message === "string" && /^bye (\d+) (.*)$/.exec(message);
  return found ? [Number(found[1]), found[2]] : null;
};

// Takes the steps from the input; `wait` is over when the last answer has come.
exports.talk = (connection) => {
  const lines = fs.readFileSync(0, "utf8").split("\n").filter(Boolean);
  const decode = (hex) => Buffer.from(hex || "", "hex");
  let unanswered = 0;

  function goOn() {
    while (lines.length) {
      const [name, ...words] = lines[0].split(" ");
      if (name === "wait" && unanswered > 0) return;
      lines.shift();
      switch (name) {
        case "text": connection.send(decode(words[0]).toString()); unanswered++; break;
        case "binary": connection.send(decode(words[0])); unanswered++; break;
        case "fragments": connection.fragments(words[0], words.slice(1).map(decode)); unanswered++; break;
        case "ping": connection.ping(decode(words[0])); break;
        case "close": connection.close(Number(words[0]), decode(words[1]).toString()); break;
      }
    }
  }

  connection.receive((message) => {
    exports.got(message);
    unanswered--;
    goOn();
  });
  connection.start(goOn);
};
