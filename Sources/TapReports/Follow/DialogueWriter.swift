import TapAnalysis
import TapCore
import TapHTTP
import TapWebSocket

/// Writes the lines of a dialogue: a time, how long ago the other side spoke, and beside it what was said, the client's on
/// the left and the server's on the right where there are sides.
struct DialogueWriter {
    /// How wide a time is.
    private static let timeWidth = 10
    /// How wide the time since the other side spoke is, with a space before and behind it.
    private static let waitWidth = 10
    /// Where what is said begins: behind the times.
    private static let margin = timeWidth + waitWidth
    /// An arrow and a space.
    private static let arrowWidth = 2
    /// From when on a wait is no longer faint.
    private static let longWait: Int64 = 1_000_000_000
    /// Of four parts of the line, those that one peer does not use.
    private static let share = 4

    private let width: Int
    private let hasColor: Bool
    private let hasSides: Bool
    private let isPretty: Bool
    /// What the numbers of connections take; 0 where there is only one connection.
    private let numberWidth: Int
    private let start: Timestamp
    /// Bytes of an inflated message that are written.
    private let shownLimit: Int

    /// - Parameter start: when the capture begins.
    init(
        width: Int, hasColor: Bool, hasSides: Bool, isPretty: Bool, numberWidth: Int, start: Timestamp, shownLimit: Int
    ) {
        self.isPretty = isPretty
        self.numberWidth = numberWidth
        self.shownLimit = shownLimit
        self.width = width
        self.hasColor = hasColor
        self.hasSides = hasSides
        self.start = start
    }

    /// Who talks to whom, what they agreed on, and what was wrong with that.
    func write(_ handshake: Handshake, to output: inout [UInt8]) {
        append(to: &output) { writer in
            writer.write("#\(handshake.connection)", .connection(handshake.connection))
            writer.pad(to: 5)
            writer.write("\(handshake.client) → \(handshake.server)", .faint)
            if let resource = handshake.resource { writer.write("  \(resource)", .strong) }
            writer.endLine()
            writer.pad(to: 5)
            writer.flow(items: handshake.outcomeItems) { writer in writer.pad(to: 7) }
            writer.endLine()
            for violation in handshake.violations {
                writer.pad(to: 5)
                writer.write(violation, hasSeverity: true) { writer in writer.pad(to: 7) }
            }
            writer.endLine()
        }
    }

    /// - Parameter wait: how long ago the other side spoke; `nil` where it was not the last to speak.
    func write(_ message: Message, _ payload: ArraySlice<UInt8>, after wait: Int64?, to output: inout [UInt8]) {
        let remarks = message.remarks.map { Piece("(\($0.0))", $0.1) }
        let view = PayloadView(message, payload)
        var head = remarks
        var json: ArraySlice<UInt8>?
        switch view {
        case .text(let text, let isCut):
            if !isCut, JSONShape.isWhole(text) { json = text }
            if text.isEmpty { head.insert(Piece(message.isEmpty ? "empty" : message.stub, .faint), at: 0) }
        case .bytes(let bytes, let isCut):
            head.insert(Piece(message.stub, .faint), at: 0)
            // Some send their JSON so.
            if !isCut, JSONShape.isWhole(bytes) { json = bytes }
        case .sentence: break
        }
        write(message.sender, of: message.connection, at: message.time, after: wait, to: &output) { writer, newLine in
            if !head.isEmpty {
                newLine(&writer)
                writer.flow(head, separator: Piece(" "), newLine: newLine)
                writer.endLine()
            }
            let limit = message.compression == .none ? Int.max : shownLimit
            if let notes = message.application, notes.speaksForPayload {
                for item in notes.items {
                    newLine(&writer)
                    writer.write(ApplicationNotes(item, recognition: nil), isQuoting: true)
                    writer.endLine()
                }
                guard isPretty && json != nil || notes.items.contains(where: { $0.summary.contains("…") }) else {
                    return
                }
            }
            guard !payload.isEmpty else { return }
            if let json, json.count <= limit {
                writer.write(full: json, isPretty: isPretty, newLine: newLine)
            } else {
                writer.write(full: view, atMost: limit, newLine: newLine)
            }
        }
    }

    /// A frame that is no part of a message.
    func write(_ frame: Frame, _ payload: ArraySlice<UInt8>, after wait: Int64?, to output: inout [UInt8]) {
        let isClose = frame.header.opcode == .close
        write(frame.sender, of: frame.connection, at: frame.time, after: wait, to: &output) { writer, newLine in
            newLine(&writer)
            writer.write(frame.header.opcode.description, isClose ? .strong : .faint)
            if !payload.isEmpty || isClose {
                writer.skip(1)
                writer.write(preview: PayloadView(frame, payload), isClose ? .plain : .faint)
            }
            writer.endLine()
        }
    }

    func write(_ finding: Finding, to output: inout [UInt8]) {
        append(to: &output) { writer in
            writer.pad(to: DialogueWriter.timeWidth + 2)
            if numberWidth > 0 { writer.write("#\(finding.connection) ", .connection(finding.connection)) }
            let place = finding.sender.map { "the \($0.rawValue), packet \(finding.packet.rawValue)" }
            writer.write(finding.violation, hasSeverity: true, place: place) { writer in
                writer.pad(to: DialogueWriter.timeWidth + 4)
            }
        }
    }

    /// How it ended, and what was said in all.
    func write(_ connection: Connection, to output: inout [UInt8]) {
        let close = connection.close
        append(to: &output) { writer in
            writer.endLine()
            if numberWidth > 0 {
                writer.write("#\(connection.number)", .connection(connection.number))
                writer.skip(2)
            }
            writer.flow(
                items: [Piece("\(close.mark.sign) \(close.headline)", close.mark.ink)]
                    + close.ending.map { Piece($0) }
            ) { writer in writer.pad(to: 2) }
            writer.endLine()
            writer.pad(to: 2)
            let items =
                [
                    connection.durationWords, connection.fromClient.words(for: .client),
                    connection.fromServer.words(for: .server),
                ]
                + (connection.pingSentence.map { [$0] } ?? [])
            writer.flow(items: items.map { Piece($0, .faint) }) { writer in writer.pad(to: 2) }
            writer.endLine()
        }
    }

    /// Writes what one peer said.
    /// - Parameter body: writes each of its lines with what it is given for their beginning.
    private func write(
        _ sender: Sender, of connection: Int, at time: Timestamp, after wait: Int64?, to output: inout [UInt8],
        _ body: (inout TerminalWriter, (inout TerminalWriter) -> Void) -> Void
    ) {
        let unused = hasSides ? (width - DialogueWriter.margin) / DialogueWriter.share : 0
        let text = TimeText.seconds(time.since(start))
        // Long captures have long times.
        let timeWidth = max(DialogueWriter.timeWidth, text.utf8.count)
        let margin = timeWidth + DialogueWriter.waitWidth
        let column = margin + numberWidth + (sender == .server ? unused : 0)
        let right = width - (sender == .client ? unused : 0)
        var isFirst = true
        TerminalWriter.append(to: &output, TableStyle(width: right, hasColor: hasColor)) { writer in
            body(&writer) { writer in
                if isFirst {
                    writer.skip(timeWidth - text.utf8.count)
                    writer.write(text, .faint)
                    if let wait {
                        let words = "+\(TimeText.duration(wait))"
                        writer.pad(to: margin - 1 - TerminalText.cells(words))
                        writer.write(words, wait >= DialogueWriter.longWait ? .plain : .faint)
                    }
                    if numberWidth > 0 {
                        writer.pad(to: margin)
                        writer.write("#\(connection)", .connection(connection))
                    }
                    writer.pad(to: column)
                    writer.write(sender == .client ? "→" : "←", sender.ink)
                    isFirst = false
                }
                writer.pad(to: column + DialogueWriter.arrowWidth)
            }
        }
    }

    private func append(to output: inout [UInt8], _ body: (inout TerminalWriter) -> Void) {
        TerminalWriter.append(to: &output, TableStyle(width: width, hasColor: hasColor), body)
    }
}

extension Message {
    /// Whether nothing was said, so far as that is known.
    fileprivate var isEmpty: Bool { length == 0 && isWhole && compression != .notInflated }

    /// What stands for what it says: `binary 256 B`; how long it is, is not known of all.
    fileprivate var stub: String { length == 0 && !isEmpty ? "\(kind)" : "\(kind) \(Decimal.grouped(length)) B" }
}

extension DirectionStatistics {
    /// `client → 7 messages, 812 B`.
    fileprivate func words(for sender: Sender) -> String {
        "\(sender.arrow) \(Decimal.counted(messages, "message")), \(Decimal.grouped(payloadBytes)) B"
    }
}

extension Handshake {
    /// The verdict, and what was agreed on.
    fileprivate var outcomeItems: [Piece] {
        var items = [Piece("\(verdict.mark.sign) \(verdict.rawValue)", verdict.mark.ink)]
        if verdict == .refused, case .response(_, let status, let reason) = response?.startLine {
            items.append(Piece(reason.isEmpty ? "\(status)" : "\(status) \(reason)"))
        }
        if let proxied { items.append(Piece(proxied)) }
        if let streamWords { items.append(Piece(streamWords)) }
        guard isAgreed, let response else { return items }
        let protocols = response.fields.list("Sec-WebSocket-Protocol")
        if !protocols.isEmpty { items.append(Piece("subprotocol \(protocols.joined(separator: ", "))")) }
        if let compression {
            items.append(Piece(compression, .faint))
        } else if !extensions.isEmpty {
            items.append(Piece("extension \(extensions.joined(separator: ", "))"))
        }
        return items
    }
}
