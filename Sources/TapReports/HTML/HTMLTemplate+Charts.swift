extension HTMLTemplate {
    /// The plot of activity over time, and the sequence diagram of a connection.
    static let charts = #"""
        class Activity {
          constructor(node, choose) {
            this.node = node;
            this.choose = choose;
            this.range = undefined;
            const timeline = report.statistics.timeline;
            this.client = timeline.frames_from_client;
            this.server = timeline.frames_from_server;
            this.step = timeline.step_seconds * 1e9;
            new ResizeObserver(() => this.draw()).observe(node);
            node.addEventListener("pointerdown", event => this.begin(event));
          }

          // Connections end, and findings come, after the last frame too.
          get span() { return Math.max(this.client.length * this.step, report.end_time - report.start_time, 1); }
          timeAt(x) { return Math.min(Math.max((x - this.left) / this.width, 0), 1) * this.span; }
          x(time) { return this.left + time / this.span * this.width; }

          begin(event) {
            const at = moved => this.timeAt(moved.clientX - this.node.getBoundingClientRect().left);
            const start = at(event);
            const move = moved => {
              this.range = [start, at(moved)].sort((one, other) => one - other);
              this.draw();
            };
            const end = moved => {
              removeEventListener("pointermove", move);
              move(moved);
              // A click is no span: it takes the choice back.
              if (this.x(this.range[1]) - this.x(this.range[0]) < 4) this.range = undefined;
              this.choose(this.range);
              this.draw();
            };
            addEventListener("pointermove", move);
            addEventListener("pointerup", end, { once: true });
            event.preventDefault();
          }

          // The time between two ticks: 1, 2 or 5 of a unit, or round minutes and hours, so that there is room for what stands
          // there.
          tick() {
            const least = this.span / Math.max(2, Math.floor(this.width / 120));
            const minute = 6e10, hour = 60 * minute, day = 24 * hour;
            const clock = [20 * minute, 30 * minute, hour, 2 * hour, 3 * hour, 6 * hour, 12 * hour];
            if (least > 500e9 && least <= 12 * hour) return clock.find(step => step >= least);
            const length = least > 12 * hour ? day : 1;
            const unit = 10 ** Math.max(Math.floor(Math.log10(least / length)), length === 1 ? -Infinity : 0) * length;
            return [1, 2, 5, 10].map(factor => factor * unit).find(step => step >= least);
          }

          draw() {
            const outer = this.node.clientWidth;
            if (!outer) return;
            this.left = 8;
            this.width = outer - 16;
            const middle = 80, height = 60;
            const most = Math.max(1, ...this.client, ...this.server);
            const bar = Math.max(2, this.step / this.span * this.width - 1);
            const parts = [];
            if (this.range) {
              const [from, to] = this.range.map(time => this.x(time));
              parts.push(shape("rect", { class: "range", x: from, y: 8, width: Math.max(to - from, 1), height: 144 }));
            }
            this.client.forEach((count, index) => {
              const x = this.x(index * this.step);
              const upper = count / most * height, lower = this.server[index] / most * height;
              if (count) parts.push(shape("rect",
                { class: "client", x, y: middle - 1 - Math.max(upper, 2), width: bar, height: Math.max(upper, 2) }));
              if (lower) parts.push(shape("rect",
                { class: "server", x, y: middle + 1, width: bar, height: Math.max(lower, 2) }));
            });
            parts.push(shape("line", { class: "axis", x1: this.left, x2: this.left + this.width, y1: middle, y2: middle }));
            const places = new Set();
            for (const finding of report.findings) {
              const x = Math.round(this.x(finding.time));
              const severity = severityOf(finding);
              if (places.has(x + severity)) continue;
              places.add(x + severity);
              const sign = shape("path", { class: severity, d: `M${x - 4} 6h8l-4 7z` });
              sign.append(shape("title", {}, finding.id));
              parts.push(sign);
            }
            for (let tick = 0, step = this.tick(); tick * step <= this.span; tick++) {
              const time = tick * step;
              // What stands at an end of the line stays above it.
              const anchor = tick === 0 ? "start" : time > this.span * 0.97 ? "end" : "middle";
              parts.push(shape("text", { x: this.x(time), y: 168, "text-anchor": anchor }, duration(Math.round(time))));
            }
            const text = `Frames over ${duration(this.span)}: ${grouped(this.client.reduce((a, b) => a + b, 0))} from `
              + `clients, ${grouped(this.server.reduce((a, b) => a + b, 0))} from servers, at most ${grouped(most)} in `
              + duration(this.step);
            this.node.replaceChildren(
              shape("svg", { width: outer, height: 176, role: "img", "aria-label": text }, ...parts));
          }
        }

        // Each answer, by when it came and after how long; the scale of the latter is logarithmic.
        class Latencies {
          constructor(node, choose) {
            this.node = node;
            this.choose = choose;
            this.most = answers.reduce((most, frame) => Math.max(most, frame[LATENCY]), 1e4);
            this.least = Math.max(1e3, answers.reduce((least, frame) => Math.min(least, frame[LATENCY]), this.most / 10));
            new ResizeObserver(() => this.draw()).observe(node);
          }

          draw() {
            const width = this.node.clientWidth;
            if (!width) return;
            const left = 64, right = width - 10, top = 12, bottom = 148;
            const span = Math.max(report.end_time - report.start_time, 1);
            const bounds = [Math.floor(Math.log10(this.least)), Math.ceil(Math.log10(this.most))];
            const y = latency => bottom - (Math.log10(Math.max(latency, 10 ** bounds[0])) - bounds[0])
              / Math.max(bounds[1] - bounds[0], 1) * (bottom - top);
            const parts = [];
            for (let power = bounds[0]; power <= bounds[1]; power++) {
              const at = y(10 ** power);
              parts.push(shape("line", { class: "axis", x1: left, x2: right, y1: at, y2: at }),
                shape("text", { x: left - 8, y: at + 4, "text-anchor": "end" }, duration(10 ** power)));
            }
            const places = new Set();
            for (const frame of answers) {
              const x = Math.round(left + frame[TIME] / span * (right - left)), at = Math.round(y(frame[LATENCY]));
              const from = frame[FAILED] ? "error" : side(frame);
              if (places.has(x + " " + at + from)) continue;
              places.add(x + " " + at + from);
              const dot = shape("circle",
                { class: "dot " + from, cx: x, cy: at, r: 3.5, onclick: () => this.choose(frame) });
              dot.append(shape("title", {}, `#${frame[CONNECTION]} ${oneLine(frame[SAID])}`));
              parts.push(dot);
            }
            const text = `${grouped(answers.length)} answers, by when they came and after how long: up to `
              + duration(this.most);
            this.node.replaceChildren(shape("svg", { width, height: 160, role: "img", "aria-label": text }, ...parts));
          }
        }

        class Sequence {
          constructor(node, choose) {
            this.node = node;
            this.choose = choose;
            this.rowHeight = 34;
            this.items = [];
            this.pairs = [];
            this.chosen = undefined;
            this.timeLength = 8;
            this.lanes = 0;
            this.partners = new Set();
            this.space = element("div");
            this.view = element("div", { class: "view" });
            this.space.append(this.view);
            node.append(this.space);
            node.addEventListener("scroll", () => this.draw(), { passive: true });
            new ResizeObserver(() => this.draw()).observe(node);
          }

          // Silences of a second and more get a row of their own. What answers the other side says after how long.
          show(connection, shown) {
            this.items = this.handshake(connections.get(connection));
            const places = new Map();
            this.pairs = [];
            this.waits = new Map();
            let last = this.items.at(-1)?.head?.time, speaker;
            for (const frame of shown) {
              if (last !== undefined && frame[TIME] - last >= 1e9) this.items.push({ gap: frame[TIME] - last });
              places.set(frame, this.items.length);
              const asked = frame[ANSWERED] === undefined ? undefined : places.get(requestOf(frame));
              if (asked !== undefined) this.pairs.push({ asked, answered: this.items.length, frame });
              this.items.push(frame);
              if (speaker !== undefined && speaker !== side(frame)) this.waits.set(frame, frame[TIME] - last);
              speaker = side(frame);
              last = frame[TIME];
            }
            this.timeLength = seconds(last ?? 0).length;
            const { end } = connections.get(connection) ?? {};
            if (end) this.items.push({ note: `${marks[end.mark]} ${end.headline}`, style: end.mark });
            if (end?.outcome.length) this.items.push({ note: end.outcome.join(" · ") });
            this.chosen = undefined;
            // Pairs at the same time stand beside each other.
            const lanes = { client: [], server: [] };
            for (const pair of [...this.pairs].sort((one, other) => one.asked - other.asked)) {
              const ends = lanes[side(pair.frame)];
              const free = ends.findIndex(end => end < pair.asked);
              pair.lane = free < 0 ? ends.length : free;
              ends[pair.lane] = pair.answered;
            }
            this.lanes = Math.min(Math.max(lanes.server.length - 1, 0), 5);
            this.title = `Sequence diagram of connection ${connection}: its handshake and ${grouped(shown.length)} frames, `
              + "which the list of frames has too";
            this.node.setAttribute("aria-label", this.title);
            this.space.style.height = 34 + this.items.length * this.rowHeight + "px";
            this.node.scrollTop = 0;
            this.draw();
          }

          // The request, and what became of it.
          handshake(connection) {
            const items = [];
            const { request, response } = connection ?? {};
            if (request) items.push({ head: { from: "client", time: request.time, text: request.start, style: "label" } });
            if (response) {
              const refused = connection.verdict !== "valid";
              items.push({ head: {
                from: "server", time: response.time, text: response.start.split(" ").slice(1).join(" "),
                style: refused ? "label " + connection.mark : "label", wait: connection.answered_after,
              } });
            } else if (request) {
              items.push({ note: "no response was captured" });
            }
            return items;
          }

          mark(frame) {
            this.chosen = frame;
            this.partners = new Set([requestOf(frame), ...this.pairs
              .filter(pair => this.items[pair.asked] === frame).map(pair => pair.frame)]);
            const index = this.items.indexOf(frame);
            const place = index * this.rowHeight;
            if (index >= 0 && (place < this.node.scrollTop || place > this.node.scrollTop + this.node.clientHeight - 80)) {
              this.node.scrollTop = place - this.node.clientHeight / 2;
            }
            this.draw();
          }

          draw() {
            const width = this.node.clientWidth, height = this.node.clientHeight;
            if (!width) return;
            const left = Math.max(Math.min(110, width * 0.22), this.timeLength * 7 + 14), right = width - 24;
            // Words end before the bars.
            const inner = right - 8 * this.lanes;
            const top = this.node.scrollTop;
            const first = Math.max(0, Math.floor((top - 34) / this.rowHeight));
            const end = Math.min(this.items.length, Math.ceil((top + height) / this.rowHeight));
            const parts = [
              shape("line", { class: "life", x1: left, x2: left, y1: 26, y2: height }),
              shape("line", { class: "life", x1: right, x2: right, y1: 26, y2: height }),
            ];
            const bars = [];
            for (const pair of this.pairs) {
              if (pair.answered < first || pair.asked >= end || pair.lane > 5) continue;
              // Who answers is at work for so long.
              const at = index => 60 + index * this.rowHeight - top;
              const x = isServer(pair.frame) ? right - 4 - 8 * pair.lane : left - 2 + 8 * pair.lane;
              const isChosen = [pair.frame, this.items[pair.asked]].includes(this.chosen);
              const bar = shape("rect", {
                class: "work " + (pair.frame[FAILED] ? "error" : side(pair.frame)) + (isChosen ? " chosen" : ""), x,
                y: at(pair.asked), width: 6, height: at(pair.answered) - at(pair.asked), rx: 2,
              });
              bar.append(shape("title", {}, "answered after " + duration(pair.frame[LATENCY])));
              bars.push(bar);
            }
            for (let index = first; index < end; index++) {
              const y = 34 + index * this.rowHeight - top;
              const item = this.items[index];
              const words = item.note ?? (item.gap === undefined ? undefined : "⋮ " + duration(item.gap) + " of silence");
              parts.push(item.head ? this.headArrow(item.head, y, left, right, inner)
                : words === undefined ? this.arrow(item, y, left, right, inner, width)
                : this.words(words, item.style, y, left, right));
            }
            parts.push(...bars);
            // Above the rows, that scroll below it.
            parts.push(shape("rect", { x: 0, y: 0, width, height: 26, fill: "var(--card)" }),
              shape("text", { class: "label", x: left, y: 18, "text-anchor": "middle" }, "client"),
              shape("text", { class: "label", x: right + 16, y: 18, "text-anchor": "end" }, "server"));
            const svg = shape("svg", { width, height, role: "img", "aria-label": this.title ?? "" }, ...parts);
            this.view.replaceChildren(svg);
          }

          // What is no arrow, as much of it as there is room for.
          words(words, style, y, left, right) {
            const text = oneLine(words), room = Math.floor((right - left) / 6.4);
            return shape("text", { class: style ?? "", x: (left + right) / 2, y: y + 20, "text-anchor": "middle" },
              text.length > room ? text.slice(0, room - 1) + "…" : text);
          }

          // How long ago the other side spoke, at the end of the line.
          wait(time, right, line) {
            return time === undefined ? [] : [shape("text",
              { class: time >= 1e9 ? "warning" : "", x: right - 14, y: line - 6, "text-anchor": "end" }, "+" + duration(time))];
          }

          headArrow(head, y, left, right, inner) {
            const line = y + 26, isAnswer = head.from === "server";
            const tip = isAnswer ? left + 1 : right - 1, back = isAnswer ? 7 : -7;
            const room = Math.max(4, Math.floor((inner - left - 110) / 7.4));
            const text = oneLine(head.text);
            return shape("g", {},
              shape("text", { x: left - 10, y: line + 2, "text-anchor": "end" }, seconds(head.time)),
              shape("line", { class: `arrow ${head.from}`, x1: left + 1, x2: right - 1, y1: line, y2: line,
                "stroke-width": 2.5 }),
              shape("path", { class: `head ${head.from}`, d: `M${tip} ${line}l${back} -4v8z` }),
              shape("text", { class: head.style, x: left + 14, y: line - 6 },
                text.length > room ? text.slice(0, room) + "…" : text), ...this.wait(head.wait, inner, line));
          }

          arrow(frame, y, left, right, inner, width) {
            const wait = this.waits.get(frame);
            const line = y + 26, from = side(frame);
            const tip = isServer(frame) ? left + 1 : right - 1, back = isServer(frame) ? 7 : -7;
            const found = worst(findingsOf(frame));
            const room = Math.max(4, Math.floor((inner - left - (wait === undefined ? 40 : 110)) / 7.4));
            const whole = label(frame) + " " + preview(frame);
            const latency = frame[LATENCY] === undefined ? "…" : "… after " + duration(frame[LATENCY]);
            const after = latency.length + 8 > room ? "…" : latency;
            // What is cut says after how long it answered once.
            const text = whole.length > room ? whole.replace(/ … answered after [^…]*$/u, "") : whole;
            const row = shape("g",
              { class: "row" + (frame === this.chosen || this.partners.has(frame) ? " chosen" : ""), onclick: () => this.choose(frame) },
              shape("rect", { class: "ground", x: 0, y, width, height: this.rowHeight }),
              shape("text", { x: left - 10, y: line + 2, "text-anchor": "end" }, seconds(frame[TIME])),
              shape("line", {
                class: `arrow ${from}` + (opcode(frame) & 8 ? " control" : ""), x1: left + 1, x2: right - 1, y1: line,
                y2: line, "stroke-width": opcode(frame) === 8 ? 2.5 : 1.5,
              }),
              shape("path", { class: `head ${from}`, d: `M${tip} ${line}l${back} -4v8z` }),
              shape("text", { class: "label", x: left + 14, y: line - 6 },
                whole.length > room ? text.slice(0, Math.max(room - after.length, 4)) + after : text),
              ...this.wait(wait, inner, line));
            if (found) row.append(shape("text", { class: found, x: right + 6, y: line + 4 }, marks[found]));
            return row;
          }
        }
        """#
}
