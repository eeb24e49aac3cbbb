import TapAnalysis
import TapCore
import TapWebSocket

/// One file in HTML to look at in a browser, without a network: totals, activity over time, findings with their
/// explanations, each connection with its handshake and its sequence diagram, and frames to search in.
///
/// Frames are written as they come; of connections and findings what the page shows is kept until the end. All of the
/// wire's text is inside JSON in which no `<` stands, and the page's script makes no markup of it.
public struct HTMLReport: Report {
    /// What a browser can hold with ease; the page says how many more there are.
    private static let frameLimit = 200_000
    private static let connectionLimit = 10_000
    private static let findingLimit = 50_000
    /// Bytes of one payload, and of all.
    private static let payloadLength = 16 << 10
    private static let payloadLimit = 64 << 20

    /// Hosts that are named; of others the page says how many there are.
    private static let hostLimit = 3

    private let options: ReportOptions
    private let scope: HTMLScope
    private var statistics = CaptureStatistics()
    private var start = Timestamp(nanoseconds: 0)
    private var frames: UInt64 = 0
    private var payloadBytes = 0
    private var payloadsLeftOut: UInt64 = 0
    private var connections: [HTMLConnection] = []
    private var places: [Int: Int] = [:]
    private var findings: [Finding] = []
    private var unreadTLS = UnreadTLSLines()
    private var isBegun = false

    /// - Parameters:
    ///   - options: how much of each payload is in the report; what they say of kinds of records is of no account.
    ///   - scope: what the page says that it is of.
    public init(_ options: ReportOptions = ReportOptions(), scope: HTMLScope = HTMLScope()) {
        self.options = options
        self.scope = scope
    }

    public mutating func write(_ observations: Observations, start: Timestamp, to output: inout [UInt8]) {
        begin(start, &output)
        let island = output.count
        for (index, observation) in observations.all.enumerated() {
            statistics.note(observation, start: start)
            switch observation {
            case .handshake(let handshake):
                guard connections.count < HTMLReport.connectionLimit else { continue }
                places[handshake.connection] = connections.count
                let violations = observations.violations(of: handshake, at: index)
                connections.append(HTMLConnection(handshake, violations, options.payload))
            case .connection(let connection):
                if let place = places[connection.number] { connections[place].end(connection) }
            case .finding(let finding):
                if findings.count < HTMLReport.findingLimit { findings.append(finding) }
            case .frame(let frame): write(frame, of: observations, to: &output)
            case .tls(let unread): unreadTLS.note(unread)
            case .message: break
            }
        }
        HTMLIsland.escape(&output, from: island)
    }

    public mutating func finish(_ summary: Summary, dropped: UInt64, to output: inout [UInt8]) {
        begin(summary.firstTime ?? start, &output)
        output += "\n]\(HTMLTemplate.islandEnd)\(HTMLTemplate.island("report"))".utf8
        let island = output.count
        JSONWriter.append(to: &output) { writer in write(summary, dropped, to: &writer) }
        HTMLIsland.escape(&output, from: island)
        output += HTMLTemplate.islandEnd.utf8
        output += HTMLTemplate.foot.utf8
    }

    private mutating func begin(_ start: Timestamp, _ output: inout [UInt8]) {
        guard !isBegun else { return }
        isBegun = true
        self.start = start
        output += HTMLTemplate.head.utf8
        output += "\(HTMLTemplate.island("frames"))[".utf8
    }

    private mutating func write(_ frame: Frame, of observations: Observations, to output: inout [UInt8]) {
        frames += 1
        guard frames <= HTMLReport.frameLimit else { return }
        var payload = HTMLPayload(frame, in: observations, options, limit: HTMLReport.payloadLength)
        if payloadBytes + payload.bytes.count > HTMLReport.payloadLimit {
            payload.clear()
            payloadsLeftOut += 1
        }
        payloadBytes += payload.bytes.count
        let time = frame.time.since(start)
        JSONWriter.append(to: &output) { writer in
            writer.raw(frames == 1 ? "\n" : ",\n")
            writer.write(frame, payload, frame.application?.line(isQuoting: options.payload == .full), at: time)
        }
    }

    private func write(_ summary: Summary, _ dropped: UInt64, to writer: inout JSONWriter) {
        writer.beginObject()
        writer.key("statistics")
        writer.write(statistics, summary, dropped: dropped)
        writer.member("start_time", 0)
        writer.member("end_time", max(0, summary.lastTime?.since(start) ?? 0))
        writer.beginArray("connections")
        for connection in connections { writer.write(connection, since: start) }
        writer.endArray()
        writer.beginArray("findings")
        for finding in findings { writer.write(html: finding, at: finding.time.since(start)) }
        writer.endArray()
        writer.beginObject("catalogue")
        let known = Set(summary.findings.keys).union(findings.map(\.violation.id))
        for id in known.sorted(by: { $0.rawValue < $1.rawValue }) { writer.write(entry: id) }
        writer.endObject()
        writer.member("unread", summary.faults + summary.unreadItems.map(\.words))
        writer.member("unread_tls", unreadTLS.lines)
        writer.member("nothing_judged", summary.nothingJudged())
        writer.member("pattern", summary.cuts.pattern?.sentence)
        write(scope, to: &writer)
        if frames > HTMLReport.frameLimit { writer.member("frames_left_out", frames - UInt64(HTMLReport.frameLimit)) }
        if payloadsLeftOut > 0 { writer.member("payloads_left_out", payloadsLeftOut) }
        writer.endObject()
    }
}

extension HTMLReport {
    private func write(_ scope: HTMLScope, to writer: inout JSONWriter) {
        let hosts = connections.compactMap { $0.handshake.request?.fields["Host"].first }
        let known = Set(hosts)
        writer.beginObject("scope")
        writer.member("captures", scope.captures)
        writer.member("hosts", known.sorted().prefix(HTMLReport.hostLimit))
        writer.member("further_hosts", max(0, known.count - HTMLReport.hostLimit))
        writer.member("redaction", scope.redaction)
        writer.member("version", scope.version)
        writer.endObject()
    }
}

/// JSON inside an HTML page.
enum HTMLIsland {
    /// Writes `<`, `>` and `&` as `\uXXXX`, so that nothing in a string can end the element that the JSON stands in, or
    /// begin a comment. Outside of strings JSON has none of them. HTML, §4.12.1.3.
    static func escape(_ output: inout [UInt8], from start: Int) {
        guard output[start...].contains(where: isMarkup) else { return }
        let plain = Array(output[start...])
        output.removeLast(plain.count)
        for byte in plain {
            switch byte {
            case UInt8(ascii: "<"): output += "\\u003c".utf8
            case UInt8(ascii: ">"): output += "\\u003e".utf8
            case UInt8(ascii: "&"): output += "\\u0026".utf8
            default: output.append(byte)
            }
        }
    }

    private static func isMarkup(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "<") || byte == UInt8(ascii: ">") || byte == UInt8(ascii: "&")
    }
}

/// What a report in HTML is of, for people who were sent it.
public struct HTMLScope: Sendable {
    /// The captures, without the folders that they lie in.
    public var captures: [String] = []
    /// What was taken out, as `secrets`; `nil` where nothing was.
    public var redaction: String?
    /// The version of the program.
    public var version: String?

    public init() {}
}
