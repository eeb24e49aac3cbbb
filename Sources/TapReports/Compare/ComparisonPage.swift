import TapAnalysis
import TapCore
import TapWebSocket

/// A comparison as one file in HTML: no script, nothing that is loaded, and a chart of how long each message took.
struct ComparisonPage {
    let comparison: CaptureComparison
    let isQuoting: Bool
    let version: String

    /// Rows of one connection.
    private static let mostRows = 1_000

    var text: String {
        """
        \(HTMLTemplate.head("Comparison", style: ComparisonPage.style, policy: []))
        <header><div>
        <h1>\(comparison.isAlike ? "Alike, as far as both captures show it" : "Different")</h1>
        <dl class="facts">\(facts)</dl>
        </div></header>
        <main>
        \(comparison.connections.map(section).joined(separator: "\n"))
        \(alone("Only in A", comparison.onlyInFirst))
        \(alone("Only in B", comparison.onlyInSecond))
        </main>
        <footer><p class="faint">wstap \(XMLText.escape(version))</p></footer>
        </body>
        </html>

        """
    }

    private static let style =
        HTMLTemplate.style + """

            .wide { overflow-x: auto; } .wide > * { min-width: 44rem; }
            table { border-collapse: collapse; width: 100%; } th, td { text-align: left; padding: 0.2rem 0.6rem; vertical-align: top; }
            th { font-weight: 600; color: var(--faint); } td { border-top: 1px solid var(--line); white-space: nowrap; }
            td:last-child { min-width: 14rem; white-space: normal; overflow-wrap: anywhere; } footer { padding: 0 1.5rem 2rem; }
            svg .dot { cursor: auto; }

            """

    private var facts: String {
        var rows = [("A", comparison.first.fileName), ("B", comparison.second.fileName)]
        let clock = comparison.clockWords
        if !clock.isEmpty { rows.append(("clocks", clock.joined(separator: " · "))) }
        return ComparisonPage.list(rows)
    }

    private static func list(_ rows: [(String, String)]) -> String {
        rows.map { "<dt>\($0.0)</dt><dd>\(XMLText.escape($0.1))</dd>" }.joined()
    }

    private func section(_ connection: ConnectionComparison) -> String {
        let (first, second) = (connection.first, connection.second)
        var rows = [
            ("A", "\(first.client) → \(first.server)"), ("B", "\(second.client) → \(second.server)"),
            ("matched by", connection.evidence.words),
        ]
        for sender in Sender.allCases {
            let counts = [first, second].map { $0.from(sender).messages.count }
            let times = connection.delays(from: sender).items(.time).map(\.text).joined(separator: " · ")
            rows.append(
                (sender.arrow, "\(counts[0]) messages in A, \(counts[1]) in B" + (times.isEmpty ? "" : " · \(times)")))
        }
        let ends = connection.endWords
        if !ends.isEmpty { rows.append(("end", ends.joined(separator: " · "))) }
        let different = connection.pairs.filter(\.isRemarkable)
        return """
            <section class="card">
            <h2>A #\(first.number) = B #\(second.number)</h2>
            <dl class="facts">\(ComparisonPage.list(rows))</dl>
            \(DelayChart(connection).text)
            \(table(different, of: connection))
            </section>
            """
    }

    private func table(_ pairs: [ComparedPair], of connection: ConnectionComparison) -> String {
        guard !pairs.isEmpty else { return "<p class=\"good\">No message differs.</p>" }
        let rows = pairs.prefix(ComparisonPage.mostRows).map { row($0, of: connection) }.joined(separator: "\n")
        let more = pairs.count - ComparisonPage.mostRows
        let rest = more > 0 ? "<p class=\"faint\">… and \(Decimal.grouped(UInt64(clamping: more))) more</p>" : ""
        return """
            <div class="wide"><table><thead><tr><th>What</th><th>Message</th><th>Sender</th><th>At second</th><th>Took</th>
            <th>Bytes</th><th>Content</th></tr></thead>
            <tbody>
            \(rows)
            </tbody></table></div>\(rest)
            """
    }

    private func row(_ pair: ComparedPair, of connection: ConnectionComparison) -> String {
        guard let message = pair.message else { return "" }
        let what = pair.changes.map { change in
            // How long it took has a column of its own.
            let details = change.isOfTime ? "" : pair.details(of: change).map { " (\($0))" } ?? ""
            return "<b class=\"\(change.mark.name)\">\(change.mark.sign) \(change.words)</b>\(XMLText.escape(details))"
        }
        let cells = [
            what.joined(separator: "<br>"), "\(pair.first == nil ? "B" : "A") \(message.number)",
            "<span class=\"\(pair.sender.rawValue)\">\(pair.sender.arrow)</span>",
            connection.age(of: pair).map { TimeText.seconds($0) } ?? "", pair.delay.map { TimeText.duration($0) } ?? "",
            Decimal.grouped(message.length), isQuoting ? XMLText.escape(message.excerptText) : "",
        ]
        return "<tr>\(cells.map { "<td>\($0)</td>" }.joined())</tr>"
    }

    private func alone(_ title: String, _ connections: [ComparedConnection]) -> String {
        guard !connections.isEmpty else { return "" }
        let rows = connections.prefix(ComparisonPage.mostRows).map {
            "<li>#\($0.number) \(XMLText.escape("\($0.client) → \($0.server)"))</li>"
        }
        return "<section class=\"card\"><h2>\(title)</h2><ul class=\"plain\">\(rows.joined())</ul></section>"
    }
}
