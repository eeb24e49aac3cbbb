import TapAnalysis
import TapCore

/// Zeek's `websocket.log`, as its tab-separated log or as its JSON: a row for each connection that has become WebSocket.
public struct ZeekReport: Report {
    public enum Form: Sendable {
        case tabs
        case json
    }

    private let form: Form
    private var isBegun = false

    public init(_ form: Form) { self.form = form }

    /// What the report looks at.
    public static let events: ReportEvents = .handshake

    public mutating func write(_ observations: Observations, start: Timestamp, to output: inout [UInt8]) {
        begin(at: start, &output)
        for case .handshake(let handshake) in observations.all {
            guard let log = ZeekLog(handshake) else { continue }
            switch form {
            case .tabs: output += Array(ZeekReport.row(log).utf8)
            case .json: JSONWriter.append(to: &output) { writer in writer.write(log) }
            }
        }
    }

    public mutating func finish(_ summary: Summary, dropped: UInt64, to output: inout [UInt8]) {
        begin(at: summary.firstTime ?? Timestamp(nanoseconds: 0), &output)
        guard form == .tabs else { return }
        output += Array("#close\t\(ZeekReport.date(summary.lastTime ?? Timestamp(nanoseconds: 0)))\n".utf8)
    }

    private mutating func begin(at start: Timestamp, _ output: inout [UInt8]) {
        guard !isBegun else { return }
        isBegun = true
        guard form == .tabs else { return }
        let head = [
            "#separator \\x09", "#set_separator\t,", "#empty_field\t\(ZeekText.empty)",
            "#unset_field\t\(ZeekText.unset)", "#path\twebsocket", "#open\t\(ZeekReport.date(start))",
            "#fields\t" + ZeekLog.fields.map(\.0).joined(separator: "\t"),
            "#types\t" + ZeekLog.fields.map(\.1).joined(separator: "\t"),
        ]
        output += Array((head.joined(separator: "\n") + "\n").utf8)
    }

    private static func row(_ log: ZeekLog) -> String {
        let cells = [
            log.time, log.uid, log.client.address.description, "\(log.client.port)", log.server.address.description,
            "\(log.server.port)", ZeekText.cell(log.host), ZeekText.cell(log.target), ZeekText.cell(log.userAgent),
            ZeekText.cell(log.subprotocol), ZeekText.cell(log.clientProtocols), ZeekText.cell(log.serverExtensions),
            ZeekText.cell(log.clientExtensions),
        ]
        return cells.joined(separator: "\t") + "\n"
    }

    /// `2026-11-20-10-00-00`
    private static func date(_ time: Timestamp) -> String {
        TimeText.rfc3339(time).prefix(19).map { $0 == "T" || $0 == ":" ? "-" : String($0) }.joined()
    }
}

extension JSONWriter {
    fileprivate mutating func write(_ log: ZeekLog) {
        beginObject()
        key("ts")
        append(Array(log.time.utf8))
        member("uid", log.uid)
        member("id.orig_h", log.client.address.description)
        member("id.orig_p", log.client.port)
        member("id.resp_h", log.server.address.description)
        member("id.resp_p", log.server.port)
        member("host", log.host)
        member("uri", log.target)
        member("user_agent", log.userAgent)
        member("subprotocol", log.subprotocol)
        if !log.clientProtocols.isEmpty { member("client_protocols", log.clientProtocols) }
        if !log.serverExtensions.isEmpty { member("server_extensions", log.serverExtensions) }
        if !log.clientExtensions.isEmpty { member("client_extensions", log.clientExtensions) }
        endObject()
        raw("\n")
    }
}

/// Text in a cell of Zeek's tab-separated logs: what means something there, and what would do harm in a terminal, is
/// written byte by byte as `\xNN`.
enum ZeekText {
    static let unset = "-"
    static let empty = "(empty)"

    static func cell(_ text: String?) -> String {
        guard let text else { return unset }
        if text.isEmpty { return empty }
        let escaped = escape(text, separatesSets: false)
        return escaped == unset || escaped == empty ? hex(escaped.prefix(1)) + escaped.dropFirst() : escaped
    }

    /// A list without elements is one that was not there.
    static func cell(_ texts: [String]) -> String {
        guard !texts.isEmpty else { return unset }
        return texts.map { $0 == unset ? hex($0[...]) : escape($0, separatesSets: true) }.joined(separator: ",")
    }

    private static func escape(_ text: String, separatesSets: Bool) -> String {
        var output = ""
        for character in text.unicodeScalars {
            let one = String(character)
            let mustGo = character == "\\" || separatesSets && character == ","
            if mustGo || TerminalText.escape(one) != one { output += hex(one[...]) } else { output += one }
        }
        return output
    }

    private static func hex(_ text: Substring) -> String {
        text.utf8.map { byte in "\\x" + Hex.string(CollectionOfOne(byte)) }.joined()
    }
}
