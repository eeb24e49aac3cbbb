import TapWebSocket

/// `docs/findings.md`: the catalogue as a page, and beside it what tshark says of the same captures.
struct FindingsPage {
    /// A capture of `samples/conformance`.
    struct Capture {
        let file: String
        let findings: Set<String>
        /// The texts of tshark's expert notes; empty where it has none.
        let tshark: String
    }

    let captures: [Capture]

    var text: String {
        let families = FindingFamily.allCases.map(section).joined()
        return """
            # Findings

            Everything that `wstap` may find, by family. `wstap explain ID` says the same in a terminal. An `error` breaks a MUST
            of the rule that it refers to, a `warning` a SHOULD, or it is suspicious; a `note` is worth knowing. For each there
            is a capture in [samples/conformance](../samples/conformance/README.md).

            This page is made from the catalogue: `make golden` writes it anew.

            \(contents)
            \(families)
            ## What tshark says of the same captures

            Its expert information, as the [README](../samples/conformance/README.md) of the captures tells how it was asked.
            `silent` does not mean that tshark cannot read a capture: it shows the frames, or TCP data, without a remark. What
            begins with `TCP` is about the segments.

            | finding | capture | tshark |
            | --- | --- | --- |
            \(FindingID.allCases.map(rows).joined())
            """
    }

    /// Findings that no capture shows.
    var missing: [FindingID] { FindingID.allCases.filter { captures(of: $0).isEmpty } }

    private var contents: String {
        let rows = FindingFamily.allCases.flatMap(\.findings).map { id in
            "| [`\(id.rawValue)`](#\(id.rawValue)) | \(id.severity.rawValue) | \(id.reference) | \(cell(id.meaning)) |\n"
        }
        return "| finding | severity | rule | meaning |\n| --- | --- | --- | --- |\n" + rows.joined()
    }

    private func section(_ family: FindingFamily) -> String {
        let title = family.title.prefix(1).uppercased() + family.title.dropFirst()
        return "\n## \(title)\n" + family.findings.map(section).joined()
    }

    private func section(_ id: FindingID) -> String {
        "\n### \(id.rawValue)\n\n\(id.severity.rawValue), \(id.reference): \(id.meaning).\n\n\(id.explanation)\n"
    }

    private func rows(_ id: FindingID) -> String {
        captures(of: id).map { capture in
            let words = capture.tshark.isEmpty ? "silent" : cell(capture.tshark)
            return "| `\(id.rawValue)` | \(capture.file) | \(words) |\n"
        }.joined()
    }

    /// The captures that were made for a finding: those that bear its name, else all that show it.
    private func captures(of id: FindingID) -> [Capture] {
        let all = captures.filter { $0.findings.contains(id.rawValue) }
        let own = all.filter { $0.file.hasPrefix(id.rawValue + ".") }
        return own.isEmpty ? all : own
    }

    private func cell(_ text: String) -> String { text.replacing("|", with: "\\|") }
}
