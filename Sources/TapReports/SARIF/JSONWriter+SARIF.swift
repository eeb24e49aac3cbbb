import TapAnalysis
import TapWebSocket

extension JSONWriter {
    /// The program, with every finding that it knows as a rule: their places in this list are what results refer to.
    mutating func writeTool(version: String) {
        beginObject("tool")
        beginObject("driver")
        member("name", "wstap")
        member("version", version)
        beginArray("rules")
        for id in FindingID.allCases {
            beginObject()
            member("id", id.rawValue)
            text("shortDescription", id.meaning)
            text("fullDescription", id.explanation)
            member("helpUri", URIText.rule(id.reference))
            beginObject("defaultConfiguration")
            member("level", id.severity.rawValue)
            endObject()
            beginObject("properties")
            member("reference", id.reference)
            endObject()
            endObject()
        }
        endArray()
        endObject()
        endObject()
    }

    /// How the run went: what could not be read is no result, but a notification of the tool.
    mutating func writeInvocation(_ summary: Summary, handshakesOnly: Bool) {
        beginArray("invocations")
        beginObject()
        member("executionSuccessful", summary.faults.isEmpty)
        beginArray("toolExecutionNotifications")
        for fault in summary.faults { notification("unreadable", "error", fault) }
        let nothing = summary.nothingJudged(handshakesOnly: handshakesOnly)
        if let nothing { notification("nothing-found", "warning", nothing) }
        for item in summary.unreadItems { notification(item.kind.rawValue, "warning", item.words) }
        endArray()
        endObject()
        endArray()
    }

    private mutating func notification(_ id: String, _ level: String, _ words: String) {
        beginObject()
        beginObject("descriptor")
        member("id", id)
        endObject()
        member("level", level)
        text("message", TerminalText.escape(words))
        endObject()
    }

    mutating func write(sarif finding: Finding, in files: [String]) {
        let violation = finding.violation
        beginObject()
        member("ruleId", violation.id.rawValue)
        member("ruleIndex", FindingID.allCases.firstIndex(of: violation.id))
        member("level", violation.severity.rawValue)
        // Viewers show it as it is.
        text("message", "\(TerminalText.escape(violation.detail)) (\(violation.id.reference))")
        beginArray("locations")
        // Several files are one capture, and a connection may go through all of them.
        for (index, file) in files.enumerated() { location(file, index, finding) }
        endArray()
        beginObject("properties")
        member("connection", finding.connection)
        member("packet", finding.packet.rawValue)
        member("frame", finding.frame)
        member("sender", finding.sender?.rawValue)
        member("time", finding.time)
        member("reference", violation.id.reference)
        write(violation.evidence)
        endObject()
        endObject()
    }

    private mutating func location(_ file: String, _ index: Int, _ finding: Finding) {
        beginObject()
        beginObject("physicalLocation")
        beginObject("artifactLocation")
        member("uri", file)
        member("index", index)
        endObject()
        endObject()
        beginArray("logicalLocations")
        beginObject()
        let frame = finding.frame.map { "/frame \($0)" } ?? ""
        member("fullyQualifiedName", "connection \(finding.connection)\(frame)")
        endObject()
        endArray()
        endObject()
    }

    private mutating func text(_ name: StaticString, _ text: String) {
        beginObject(name)
        member("text", text)
        endObject()
    }
}
