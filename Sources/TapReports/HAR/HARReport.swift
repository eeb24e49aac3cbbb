import TapAnalysis
import TapCore

/// An HTTP Archive, version 1.2, with the messages of each connection in `_webSocketMessages`, as Chrome writes them.
///
/// An entry holds all messages of its connection, so those of open connections are kept in memory, up to a limit; what
/// is more is left out, and the entry says how many messages that are. Entries come in the order in which connections
/// end.
public struct HARReport: Report {
    private let version: String
    private let options: ReportOptions
    private let heldLimit: Int
    private var entries: [Int: HAREntry] = [:]
    /// Bytes held of messages, in all open entries.
    private var held = 0
    private var isBegun = false
    private var hasEntries = false

    /// What is held of messages, unless somebody wants it otherwise: three times as much has to fit into memory for a moment.
    public static let usualHeldLimit = 40 << 20

    /// - Parameters:
    ///   - version: the program's, which the archive names.
    ///   - heldLimit: bytes that are held of the messages of open connections.
    public init(version: String, payload: PayloadDetail = .full, heldLimit: Int = HARReport.usualHeldLimit) {
        self.version = version
        self.heldLimit = heldLimit
        options = ReportOptions(events: HARReport.events, payload: payload)
    }

    /// What the report looks at.
    public static let events: ReportEvents = [.handshake, .message, .finding, .connection]

    public mutating func write(_ observations: Observations, start: Timestamp, to output: inout [UInt8]) {
        for (index, observation) in observations.all.enumerated() {
            switch observation {
            case .handshake(let handshake): open(handshake, &output)
            case .frame, .tls: break
            case .message(let message): add(message, in: observations)
            case .finding(let finding): entries[finding.connection]?.note(finding)
            case .connection(let connection):
                note(findingsAfter: index, of: connection.number, in: observations)
                close(connection, &output)
            }
        }
    }

    public mutating func finish(_ summary: Summary, dropped: UInt64, to output: inout [UInt8]) {
        for number in entries.keys.sorted() {
            if let entry = entries[number] { write(entry, &output) }
        }
        entries.removeAll()
        begin(&output)
        let remarks = summary.faults + summary.unreadItems.map { "not read: \($0.words)" }
        JSONWriter.append(to: &output) { writer in
            writer.raw("\n]")
            if !remarks.isEmpty { writer.member("comment", remarks.joined(separator: "\n")) }
            writer.raw("}}\n")
        }
    }

    private mutating func open(_ handshake: Handshake, _ output: inout [UInt8]) {
        let entry = HAREntry(handshake)
        guard handshake.opensConnection else { return write(entry, &output) }
        entries[handshake.connection] = entry
    }

    private mutating func add(_ message: Message, in observations: Observations) {
        guard entries[message.connection] != nil else { return }
        let payload = ShownPayload(of: message, in: observations, options)
        let room = heldLimit - held
        held += entries[message.connection]?.add(message, payload, of: observations, room: room) ?? 0
    }

    /// What is wrong with how a connection ended is told after it.
    private mutating func note(findingsAfter index: Int, of connection: Int, in observations: Observations) {
        for observation in observations.all[(index + 1)...] {
            guard case .finding(let finding) = observation, finding.connection == connection else { return }
            entries[connection]?.note(finding)
        }
    }

    private mutating func close(_ connection: Connection, _ output: inout [UInt8]) {
        guard var entry = entries.removeValue(forKey: connection.number) else { return }
        held -= entry.heldBytes
        entry.end = connection
        write(entry, &output)
    }

    private mutating func write(_ entry: HAREntry, _ output: inout [UInt8]) {
        begin(&output)
        let isFirst = !hasEntries
        hasEntries = true
        JSONWriter.append(to: &output) { writer in
            writer.raw(isFirst ? "\n" : ",\n")
            writer.write(entry)
        }
    }

    private mutating func begin(_ output: inout [UInt8]) {
        guard !isBegun else { return }
        isBegun = true
        let version = version
        JSONWriter.append(to: &output) { writer in
            writer.raw(#"{"log":{"version":"1.2""#)
            writer.beginObject("creator")
            writer.member("name", "wstap")
            writer.member("version", version)
            writer.endObject()
            writer.beginArray("pages")
            writer.endArray()
            writer.beginArray("entries")
        }
    }
}
