extension HTMLTemplate {
    /// The script's beginning: the data, and how its text gets into the page. Nothing is ever parsed as HTML.
    static let common = #"""
        "use strict";
        const island = id => JSON.parse(document.getElementById(id).textContent);
        const report = island("report");
        const frames = island("frames");
        // The members of a frame, by place.
        const TIME = 0, CONNECTION = 1, NUMBER = 2, FLAGS = 3, FIRST = 4, LENGTH = 5, PACKET = 6, PAYLOAD = 7, INFLATED = 8,
          SAID = 9, MESSAGE = 10, ANSWERED = 11, LATENCY = 12, FAILED = 13;
        const SERVER = 1, MASKED = 2, BASE64 = 4, CUT = 8, INCOMPLETE = 16;
        const kinds = { 0: "cont", 1: "text", 2: "binary", 8: "close", 9: "ping", 10: "pong" };
        const opcode = frame => frame[FIRST] & 15;
        const isServer = frame => (frame[FLAGS] & SERVER) !== 0;
        const side = frame => isServer(frame) ? "server" : "client";
        // Frames by the messages that they end, as far as those say something.
        const messages = new Map();
        const answers = frames.filter(frame => {
          if (frame[MESSAGE]) messages.set(frame[CONNECTION] + " " + frame[MESSAGE], frame);
          return frame[ANSWERED] !== undefined;
        });
        const requestOf = frame => messages.get(frame[CONNECTION] + " " + frame[ANSWERED]);

        const byId = id => document.getElementById(id);
        const SVG = "http://www.w3.org/2000/svg";

        const fill = (node, attributes, children) => {
          for (const [name, value] of Object.entries(attributes)) {
            if (value === undefined || value === false) continue;
            if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
            else node.setAttribute(name, value === true ? "" : value);
          }
          node.append(...children.filter(child => child !== undefined && child !== null));
          return node;
        };
        const element = (name, attributes = {}, ...children) =>
          fill(document.createElement(name), attributes, children);
        const shape = (name, attributes = {}, ...children) =>
          fill(document.createElementNS(SVG, name), attributes, children);

        // What is invisible, or changes the direction of what follows, is shown as what it is.
        const hidden = new RegExp("[\\u0000-\\u0008\\u000b-\\u001f\\u007f-\\u009f\\u00ad\\u061c\\u180e\\u200b-\\u200f"
          + "\\u2028-\\u202e\\u2060-\\u206f\\ufeff\\ufff9-\\ufffb\\u{e0000}-\\u{e007f}]", "gu");
        // Persian, the scripts of India and emoji need joiners: between two of their characters they are seen.
        const letters = "[\\u0620-\\u06ff\\u0750-\\u077f\\u08a0-\\u08ff\\u0900-\\u0dff]";
        const pictures = "(?:\\p{Extended_Pictographic}|\\p{Emoji_Modifier})";
        const beforeJoiner = new RegExp(letters + "$", "u"), afterJoiner = new RegExp("^" + letters, "u");
        const beforeZWJ = new RegExp(pictures + "\\ufe0f?$", "u"), afterZWJ = new RegExp("^" + pictures, "u");
        const joins = (text, at, joiner) => {
          const before = text.slice(Math.max(0, at - 3), at), after = text.slice(at + 1, at + 3);
          return beforeJoiner.test(before) && afterJoiner.test(after)
            || joiner === "\u200d" && beforeZWJ.test(before) && afterZWJ.test(after);
        };
        const visible = text => text.replace(hidden, (found, at, whole) =>
          (found === "\u200c" || found === "\u200d") && joins(whole, at, found)
            ? found : "\\u{" + found.codePointAt(0).toString(16) + "}");
        const oneLine = text => visible(text).replace(/\n/g, "\\n").replace(/\t/g, "\\t");

        const grouped = number => number.toLocaleString("en-US");
        // Cut to microseconds, as in the table.
        const seconds = time => (Math.floor(time / 1e3) / 1e6).toFixed(6);
        // Three significant digits, as in the table.
        const duration = time => {
          const size = Math.abs(time);
          if (size < 1e3) return size ? time + " ns" : "0 s";
          const units = [["µs", 1e3, 1000], ["ms", 1e6, 1000], ["s", 1e9, 1000], ["min", 6e10, 100], ["h", 3.6e12, 48],
            ["d", 8.64e13, Infinity]];
          for (const [name, length, most] of units) {
            const scale = size < 10 * length ? 100 : size < 100 * length ? 10 : 1;
            const rounded = Math.floor(size / (length / scale) + 0.5) / scale;
            if (rounded < most) return (time < 0 ? "-" : "") + rounded + " " + name;
          }
        };
        // The catalogue's texts have names in backquotes.
        const prose = text => text.split("`").map((part, index) => index % 2 ? element("code", {}, part) : part);
        const bytesOf = frame => Uint8Array.from(atob(frame[PAYLOAD]), character => character.charCodeAt(0));
        const hex = (bytes, most) =>
          Array.from(bytes.subarray(0, most), byte => byte.toString(16).padStart(2, "0")).join(" ");

        // What the message says, or the part of a payload that a row has room for.
        const preview = frame => {
          if (frame[SAID]) return oneLine(frame[SAID].slice(0, 300));
          const payload = frame[PAYLOAD];
          if (frame[FLAGS] & BASE64) {
            const start = atob(payload.slice(0, 64));
            const bytes = Uint8Array.from(start, character => character.charCodeAt(0));
            return hex(bytes, 24) + (payload.length > 64 ? " …" : "");
          }
          return oneLine(payload.slice(0, 300));
        };
        const label = frame => {
          const bits = [[64, 1], [32, 2], [16, 3]].filter(([bit]) => frame[FIRST] & bit).map(([, name]) => name).join("");
          return (kinds[opcode(frame)] ?? "op " + opcode(frame)) + (frame[FIRST] & 128 ? "" : "…")
            + (bits ? " rsv" + bits : "");
        };

        const marks = { error: "✗", warning: "!", note: "i", good: "✓", open: "?", partial: "~" };
        const severities = ["error", "warning", "note"];
        const severityOf = finding => finding.severity ?? report.catalogue[finding.id].severity;
        const findingsOfFrame = new Map();
        for (const finding of report.findings) {
          if (finding.frame === undefined) continue;
          const key = finding.connection + "/" + finding.frame;
          if (!findingsOfFrame.has(key)) findingsOfFrame.set(key, []);
          findingsOfFrame.get(key).push(finding);
        }
        const findingsOf = frame => findingsOfFrame.get(frame[CONNECTION] + "/" + frame[NUMBER]) ?? [];
        const worst = findings => severities.find(severity => findings.some(found => severityOf(found) === severity));
        """#
}
