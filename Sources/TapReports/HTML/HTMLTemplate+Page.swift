extension HTMLTemplate {
    /// What puts the page together: tiles, findings, connections, frames with their filters, and the keys.
    static let page = #"""
        const { summary } = report.statistics;
        // They come as their handshakes became certain.
        report.connections.sort((one, other) => one.number - other.number);
        const connections = new Map(report.connections.map(connection => [connection.number, connection]));
        const filter = { text: "", range: undefined };
        let current, chosen, shownFrames = frames;

        const frameGrid = new Grid(byId("frames-grid"), "Frames", 16, [
          ["time", "number", frame => seconds(frame[TIME])],
          ["conn.", "number", frame => "#" + frame[CONNECTION]],
          ["sender", "", frame => isServer(frame)
            ? element("span", { class: "server" }, "←", element("span", { class: "spare1" }, " server"))
            : element("span", { class: "client" }, element("span", { class: "spare1" }, "client "), "→")],
          ["kind", "", frame => label(frame)],
          ["length", "number spare2", frame => grouped(frame[LENGTH])],
          ["answered after", "number spare3", frame => frame[LATENCY] === undefined ? "" : duration(frame[LATENCY])],
          ["payload", "mono", frame => marked(preview(frame), filter.text, filter.pattern)],
          ["!", "", frame => {
            const severity = worst(findingsOf(frame));
            return severity ? element("span", { class: severity, title: severity }, marks[severity]) : "";
          }],
        ], frame => showFrame(frame));

        const connectionGrid = new Grid(byId("connections"), "Connections", 9, [
          ["#", "number", connection => "#" + connection.number, connection => connection.number],
          ["handshake", "", connection =>
            element("span", { class: connection.mark, title: connection.verdict }, marks[connection.mark],
              element("span", { class: "spare1" }, " " + connection.verdict)),
            connection => connection.verdict],
          ["status", "number spare1", connection => connection.status ?? "", connection => connection.status],
          // Where there is room for no more, the path alone.
          [element("span", {}, element("span", { class: "spare1" }, "host and "), "path"), "mono", connection => {
            const words = oneLine(connection.resource ?? connection.server), slash = words.indexOf("/");
            return slash < 1 ? words
              : element("span", {}, element("span", { class: "spare1" }, words.slice(0, slash)), words.slice(slash));
          }, connection => connection.resource ?? connection.server],
          ["client", "mono spare4", connection => connection.client, connection => connection.client],
          ["messages", "number spare4", connection => grouped(connection.messages ?? 0), connection => connection.messages ?? 0],
          ["bytes", "number spare2", connection => grouped(connection.end?.bytes ?? 0), connection => connection.end?.bytes ?? 0],
          ["lasted", "number spare2", connection => connection.end?.duration === undefined
            ? "" : duration(connection.end.duration), connection => connection.end?.duration],
          ["round trip", "number spare3", connection => connection.end?.round_trip === undefined
            ? "" : duration(connection.end.round_trip), connection => connection.end?.round_trip],
          ["end", "", connection => connection.end === undefined ? "" : element("span",
            { class: connection.end.mark, title: oneLine(connection.end.headline) }, marks[connection.end.mark] + " ",
            element("span", { class: "long" }, oneLine(connection.end.headline)),
            element("span", { class: "short" }, connection.end.state)),
            connection => connection.end?.state],
        ], connection => {
          showConnection(connection.number);
          byId("by-connection").value = connection.number;
          applyFilters();
        });

        const connectionText = connection => [connection.client, connection.server, connection.stream, connection.resource, connection.verdict,
          connection.status, connection.end?.headline].filter(part => part !== undefined).join("\n").toLowerCase();
        const searchConnections = () => {
          const wanted = byId("search-connections").value.toLowerCase();
          const found = report.connections.filter(connection => connectionText(connection).includes(wanted));
          connectionGrid.show(found);
          chooseConnection(current);
          byId("shown-connections").textContent = wanted
            ? `${grouped(found.length)} of ${grouped(report.connections.length)} connections` : "";
        };
        // In the list, without a filter.
        const chooseConnection = number =>
          connectionGrid.select(connectionGrid.items.findIndex(one => one.number === number), false);

        const sequence = new Sequence(byId("sequence"), frame => {
          const index = shownFrames.indexOf(frame);
          if (index >= 0) frameGrid.select(index);
          else showFrame(frame);
        });
        if (answers.length) {
          byId("answers-section").hidden = false;
          new Latencies(byId("answers"), frame => {
            showFrame(frame);
            byId("connection-title").scrollIntoView({ block: "start" });
          });
        }
        const activity = new Activity(byId("activity"), range => {
          byId("from-time").value = range ? (range[0] / 1e9).toFixed(6) : "";
          byId("to-time").value = range ? (range[1] / 1e9).toFixed(6) : "";
          applyFilters();
        });

        const tile = (name, value, remark, style) =>
          element("div", {}, element("dt", {}, name),
            element("dd", { class: style }, value, remark && element("small", {}, " " + remark)));

        // Of what passed the filter, where there was one.
        const { shown } = summary;
        const findingCounts = (shown ?? summary).finding_counts;
        const ofAll = name => shown ? "of " + grouped(summary[name]) : "";

        const showScope = () => {
          const { captures, hosts, further_hosts, redaction, version } = report.scope;
          const name = captures.length > 3 ? `${captures.slice(0, 3).join(", ")} and ${captures.length - 3} more`
            : captures.join(", ");
          if (name) document.title = visible(name) + " · " + document.title;
          byId("scope").textContent = [
            name && oneLine(name), hosts.length && "of " + oneLine(hosts.join(", "))
              + (further_hosts ? ` and ${grouped(further_hosts)} more host${further_hosts === 1 ? "" : "s"}` : ""),
            shown && "filter: " + oneLine(shown.filter), redaction && `${redaction} were taken out`,
            "wstap" + (version ? " " + version : ""),
          ].filter(Boolean).join(" · ");
        };

        const showSummary = () => {
          const counts = shown ? Object.fromEntries(severities.map(severity => [severity, 0])) : summary.severity_counts;
          if (shown) {
            for (const [id, count] of Object.entries(findingCounts)) {
              const told = report.findings.filter(finding => finding.id === id);
              for (const finding of told) counts[severityOf(finding)] += 1;
              counts[report.catalogue[id].severity] += count - told.length;
            }
          }
          const span = report.end_time - report.start_time;
          byId("span").textContent = summary.first_time
            ? `${summary.first_time.slice(0, 19).replace("T", " ")} to ${summary.last_time.slice(
              summary.last_time.slice(0, 10) === summary.first_time.slice(0, 10) ? 11 : 0, 19).replace("T", " ")} UTC · `
              + `${duration(span)} · `
              + `${grouped(summary.packets)} packets, ${grouped(summary.bytes)} bytes` : "An empty capture";
          const closes = report.statistics.closes;
          const verdicts = Object.entries(summary.handshakes).filter(([, count]) => count);
          byId("tiles").append(
            tile("Connections", grouped((shown ?? summary).connections),
              ofAll("connections") || verdicts.map(pair => pair.reverse().join(" ")).join(", ")),
            tile("Frames", grouped((shown ?? summary).frames), ofAll("frames")),
            tile("Messages", grouped((shown ?? summary).messages), ofAll("messages")),
            tile("Ended normally", grouped(closes.outcomes.normal), "of " + grouped(closes.connections)
              + [["failed", " failed"], ["application", " by the application"], ["cut", " cut"]]
                .filter(([name]) => closes.outcomes[name])
                .map(([name, words]) => ", " + grouped(closes.outcomes[name]) + words).join("")),
            tile("Errors", grouped(counts.error), "", counts.error ? "error" : "good"),
            tile("Warnings", grouped(counts.warning), "", counts.warning ? "warning" : "good"),
            tile("Notes", grouped(counts.note), "", counts.note ? "note" : "good"));
          byId("tiles").after(
            ...(report.pattern ? [element("p", { class: "warning", id: "pattern" }, "! " + oneLine(report.pattern))] : []),
            ...report.unread.map(words => element("p", { class: "warning" }, "! " + oneLine(words))),
            ...(report.unread_tls.length ? [element("ul", { class: "plain" }, ...report.unread_tls.map(words =>
              element("li", {}, "TLS " + oneLine(words))))] : []));
          if (summary.dropped) byId("tiles").append(tile("Packets lost", grouped(summary.dropped), "", "warning"));
        };

        const showFindings = () => {
          // One that is mostly a warning may be but a note in each of its cases.
          const all = Object.entries(findingCounts).map(([id, count]) => {
            const told = report.findings.filter(finding => finding.id === id);
            return { id, count, told, severity: worst(told) ?? report.catalogue[id].severity };
          }).sort((one, other) => severities.indexOf(one.severity) - severities.indexOf(other.severity)
            || one.id.localeCompare(other.id));
          if (!all.length) byId("findings").append(report.nothing_judged
            ? element("p", { class: "warning" }, "! " + report.nothing_judged)
            : element("p", { class: "good" }, "✓ nothing found"));
          for (const { id, count, told, severity } of all) {
            const entry = report.catalogue[id];
            const list = element("ul", { class: "plain" });
            const add = finding => list.append(element("li", {}, element("button", {
              class: "place", type: "button", onclick: () => goTo(finding),
            }, `#${finding.connection}` + (finding.frame ? ` frame ${finding.frame}` : "") + ` packet ${finding.packet}`),
            " " + oneLine(finding.detail)));
            told.slice(0, 20).forEach(add);
            if (told.length > 20) list.append(element("li", { class: "faint" }, `… and ${grouped(count - 20)} more`));
            const rule = entry.uri
              ? element("a", { href: entry.uri, rel: "noreferrer noopener" }, entry.reference) : entry.reference;
            byId("findings").append(element("details", {},
              element("summary", {}, element("span", { class: severity }, marks[severity] + " "),
                element("span", { class: "count" }, grouped(count)), " ",
                element("b", { class: severity }, id), " ", ...prose(entry.meaning)),
              element("div", {}, element("p", {}, ...prose(entry.explanation)),
                element("p", { class: "faint" }, severity + ", ", rule), list)));
          }
        };

        const showHead = (title, head) => head && [element("h3", {}, title),
          element("pre", { tabindex: 0 }, [head.start, ...head.fields.map(([name, value]) => name + ": " + value)]
            .map(oneLine).join("\n"))];

        const showBody = connection => connection.body === undefined ? [] : [element("h3", {}, "What the refusal says"),
          element("pre", { tabindex: 0 }, visible(connection.body) + (connection.body_truncated ? " …" : ""))];

        const showRules = (connection, sender) => element("ul", { class: "rules" },
          ...connection.rules.filter(rule => rule.sender === sender).map(rule => element("li",
            { class: { kept: "good", broken: "error", unchecked: "faint" }[rule.outcome] },
            { kept: "✓ ", broken: "✗ ", unchecked: "– " }[rule.outcome] + oneLine(rule.label))));

        const showConnection = number => {
          const connection = connections.get(number);
          if (!connection) return;
          current = number;
          chosen = undefined;
          writeAddress();
          byId("connection-title").textContent = `Connection #${number}`;
          const facts = element("dl", { class: "facts" });
          const fact = (name, ...value) => facts.append(element("dt", {}, name), element("dd", {}, ...value));
          fact("handshake", element("b", { class: connection.mark },
            marks[connection.mark] + " " + connection.verdict));
          fact("peers", `${connection.client} → ${connection.server}`);
          if (connection.answered_after !== undefined) fact("answered after", duration(connection.answered_after));
          if (connection.stream) fact(connection.stream.startsWith("h3") ? "HTTP/3" : "HTTP/2", connection.stream);
          if (connection.tls) fact("TLS", oneLine(connection.tls.join(" · ")));
          const legs = [...(connection.pair || []), ...(connection.end && connection.end.pair || [])];
          if (legs.length) fact("proxy", oneLine(legs.join(" · ")));
          if (connection.end) {
            fact("end", element("b", { class: connection.end.mark },
              marks[connection.end.mark] + " " + oneLine(connection.end.headline)),
              connection.end.outcome.map(part => " · " + oneLine(part)).join(""));
            fact("lasted", connection.end.duration === undefined
              ? "not known: the clock stepped back" : duration(connection.end.duration));
            fact("client →", connection.end.client);
            fact("← server", connection.end.server);
            if (connection.end.pings) fact("pings", connection.end.pings);
          }
          const own = report.findings.filter(finding => finding.connection === number && finding.frame === undefined);
          byId("handshake").replaceChildren(facts,
            ...(own.length ? [element("h3", {}, "Findings"), element("ul", { class: "plain" }, ...own.map(finding =>
              element("li", {}, element("b", { class: severityOf(finding) },
                marks[severityOf(finding)] + " " + finding.id), " " + oneLine(finding.detail))))] : []),
            ...(showHead("Request", connection.request) ?? []), showRules(connection, "client"),
            ...(showHead("Response", connection.response) ?? []), ...showBody(connection), showRules(connection, "server"));
          sequence.show(number, frames.filter(frame => frame[CONNECTION] === number));
        };

        const dump = bytes => {
          const lines = [];
          for (let start = 0; start < Math.min(bytes.length, 4096); start += 16) {
            const row = bytes.subarray(start, start + 16);
            const text = Array.from(row, byte => byte > 31 && byte < 127 ? String.fromCharCode(byte) : ".").join("");
            lines.push(start.toString(16).padStart(8, "0") + "  " + hex(row, 16).padEnd(47) + "  |" + text + "|");
          }
          return lines.join("\n");
        };
        const pretty = text => {
          try {
            return /^\s*[{[]/.test(text) ? JSON.stringify(JSON.parse(text), null, 2) : text;
          } catch {
            return text;
          }
        };

        const showFrame = frame => {
          if (current !== frame[CONNECTION]) {
            showConnection(frame[CONNECTION]);
            chooseConnection(current);
          }
          chosen = frame;
          writeAddress();
          sequence.mark(frame);
          const bit = mask => frame[FIRST] & mask ? "1" : "0";
          const facts = element("dl", { class: "facts mono" });
          const fact = (name, value) => facts.append(element("dt", {}, name), element("dd", {}, value));
          fact("time", seconds(frame[TIME]) + " s, packet " + grouped(frame[PACKET]));
          fact("FIN RSV1 RSV2 RSV3", [128, 64, 32, 16].map(bit).join(" "));
          fact("opcode", opcode(frame) + " (" + (kinds[opcode(frame)] ?? "reserved") + ")");
          fact("mask", frame[FLAGS] & MASKED ? "1" : "0");
          fact("length", grouped(frame[LENGTH]) + " B on the wire"
            + (frame[INFLATED] ? ", " + grouped(frame[INFLATED]) + " B inflated" : "")
            + (frame[FLAGS] & INCOMPLETE ? ", not all of it captured" : ""));
          if (frame[SAID]) fact("says", oneLine(frame[SAID]));
          const request = requestOf(frame);
          if (request) fact("answers", `frame ${request[NUMBER]}, after ${duration(frame[LATENCY])}`);
          const isBytes = frame[FLAGS] & BASE64;
          const text = isBytes ? dump(bytesOf(frame)) : visible(pretty(frame[PAYLOAD]));
          byId("detail").replaceChildren(
            element("h3", {}, `#${frame[CONNECTION]} frame ${frame[NUMBER]} from the ${side(frame)}`), facts,
            ...(text ? [element("pre", { class: isBytes ? "bytes" : "", tabindex: 0 }, text)] : []),
            ...(frame[FLAGS] & CUT ? [element("p", { class: "faint" }, "The report holds no more of this payload.")] : []),
            ...findingsOf(frame).map(finding => element("p", {}, element("b", { class: severityOf(finding) },
              marks[severityOf(finding)] + " " + finding.id), " " + oneLine(finding.detail) + ". ",
            element("span", { class: "faint" }, ...prose(report.catalogue[finding.id].explanation)))));
        };

        const goTo = finding => {
          showConnection(finding.connection);
          byId("filters").reset();
          byId("search-connections").value = "";
          searchConnections();
          applyFilters();
          const index = frames.findIndex(frame =>
            frame[CONNECTION] === finding.connection && frame[NUMBER] === finding.frame);
          if (index >= 0) frameGrid.select(index);
          byId(index >= 0 ? "frames-section" : "connection-title").scrollIntoView({ block: "start" });
          (index >= 0 ? frameGrid : connectionGrid).node.focus({ preventScroll: true });
        };

        // What is searched in, made when it is needed for the first time.
        const haystacks = [];
        const haystack = index => haystacks[index] ??= ((frames[index][SAID] ?? "") + "\n" + (frames[index][FLAGS] & BASE64
          ? Array.from(bytesOf(frames[index]), byte => String.fromCharCode(byte)).join("")
          : frames[index][PAYLOAD])).toLowerCase();

        const applyFilters = () => {
          const value = id => byId(id).value;
          const number = (id, otherwise) => value(id) === "" ? otherwise : Number(value(id));
          filter.text = value("search").toLowerCase();
          filter.pattern = undefined;
          let mistake = "";
          if (filter.text && byId("by-pattern").checked) {
            try { filter.pattern = new RegExp(value("search"), "giu"); } catch (error) { mistake = error.message; }
          }
          const holds = index => {
            if (!filter.pattern) return !mistake && haystack(index).includes(filter.text);
            filter.pattern.lastIndex = 0;
            return filter.pattern.test(haystack(index));
          };
          const connection = number("by-connection"), sender = number("by-sender"), kind = number("by-kind");
          // Times are shown in full microseconds.
          const from = number("from-time", -Infinity) * 1e9, to = number("to-time", Infinity) * 1e9 + 1e3;
          const withFindings = byId("only-findings").checked;
          shownFrames = frames.filter((frame, index) =>
            (connection === undefined || frame[CONNECTION] === connection)
            && (sender === undefined || (frame[FLAGS] & SERVER) === sender)
            && (kind === undefined || opcode(frame) === kind)
            && frame[TIME] >= from && frame[TIME] <= to
            && (!withFindings || findingsOf(frame).length > 0)
            && (!filter.text || holds(index)));
          writeAddress();
          frameGrid.show(shownFrames);
          byId("shown").textContent = (mistake && oneLine(mistake) + "; ") + `${grouped(shownFrames.length)} of ${grouped(frames.length)} frames`
            + (report.frames_left_out ? `; ${grouped(report.frames_left_out)} more are not in this report` : "")
            + (report.payloads_left_out ? `; ${grouped(report.payloads_left_out)} payloads are not in this report` : "");
        };

        let pending;
        byId("filters").addEventListener("input", () => {
          clearTimeout(pending);
          pending = setTimeout(applyFilters, 60);
        });
        byId("search-connections").addEventListener("input", searchConnections);
        byId("filters").addEventListener("submit", event => event.preventDefault());
        byId("search").addEventListener("keydown", event => {
          if (event.key !== "Enter") return;
          event.preventDefault();
          clearTimeout(pending);
          applyFilters();
          frameGrid.node.focus();
          frameGrid.select(0);
        });
        byId("filters").addEventListener("reset", () => {
          activity.range = undefined;
          activity.draw();
          setTimeout(applyFilters);
        });
        addEventListener("keydown", event => {
          const isTyping = event.target.matches("input[type=search]");
          if (event.key === "/" && !isTyping && !event.ctrlKey && !event.metaKey) {
            event.preventDefault();
            byId("search").focus();
            byId("frames-section").scrollIntoView({ block: "start" });
          } else if (event.key === "Escape") {
            byId("filters").reset();
          }
        });

        // What is chosen stands in the address, so that it can be sent to somebody who has the same report.
        const fields = { q: "search", connection: "by-connection", sender: "by-sender", kind: "by-kind", from: "from-time",
          to: "to-time" };
        const checks = { pattern: "by-pattern", findings: "only-findings" };
        let isReady = false;
        const writeAddress = () => {
          if (!isReady) return;
          const address = new URLSearchParams();
          if (current !== undefined) address.set("show", chosen ? `${current}.${chosen[NUMBER]}` : current);
          for (const [name, id] of Object.entries(fields)) if (byId(id).value) address.set(name, byId(id).value);
          for (const [name, id] of Object.entries(checks)) if (byId(id).checked) address.set(name, "1");
          const hash = "#" + address;
          if (hash !== location.hash) history.replaceState(null, "", hash);
        };
        const readAddress = () => {
          const address = new URLSearchParams(location.hash.slice(1));
          const [connection, frame] = (address.get("show") ?? "").split(".").map(Number);
          if (!connections.has(connection)) return false;
          for (const [name, id] of Object.entries(fields)) byId(id).value = address.get(name) ?? "";
          for (const [name, id] of Object.entries(checks)) byId(id).checked = address.has(name);
          applyFilters();
          showConnection(connection);
          chooseConnection(connection);
          const index = shownFrames.findIndex(one => one[CONNECTION] === connection && one[NUMBER] === frame);
          if (index >= 0) frameGrid.select(index);
          return true;
        };
        addEventListener("hashchange", readAddress);

        showScope();
        showSummary();
        showFindings();
        connectionGrid.show(report.connections);
        applyFilters();
        byId("connection-section").hidden = !report.connections.length;
        if (!readAddress() && report.connections.length) {
          const broken = new Set(report.findings.filter(finding => severityOf(finding) === "error")
            .map(finding => finding.connection));
          const first = report.connections.find(one => broken.has(one.number)) ?? report.connections[0];
          showConnection(first.number);
          chooseConnection(first.number);
        }
        isReady = true;
        requestAnimationFrame(() => requestAnimationFrame(() => {
          document.documentElement.dataset.ready = Math.round(performance.now());
        }));
        """#
}
