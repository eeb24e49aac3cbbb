import TapAnalysis
import TapCore
import TapSubprotocols
import TapWebSocket

extension TableReport {
    mutating func writeRow(_ frame: Frame, of observations: Observations, _ writer: inout TerminalWriter) {
        let header = frame.header
        let isControl = header.opcode.isControl
        let ink: Ink = header.opcode == .close ? .strong : isControl ? .faint : .plain
        writeStart(frame.sender, frame.connection, header.label, ink, header.payloadLength, &writer)
        if !frame.isWhole {
            writer.write("(\(Decimal.grouped(frame.capturedLength)) B captured)", .warning)
            writer.skip(1)
        }
        let inflated = observations.inflated(of: frame)
        if !inflated.isEmpty || frame.isInflatedToNothing {
            writer.write("→ \(Decimal.grouped(frame.inflatedLength)) B", .faint)
            writer.skip(1)
        }
        let payload = observations.payload(of: frame)
        let view = PayloadView(frame, payload, inflated: inflated)
        let limit = inflated.isEmpty ? Int.max : options.shownLimit
        writePayload(
            view, isControl ? .faint : .plain, frame.application, frame.connection, atMost: limit, &writer)
        if options.showsHeaders {
            writeHeader(header, frame.connection, &writer)
            if let notes = frame.application { writeDetails(notes, view, frame.connection, &writer) }
        }
        let isWire = inflated.isEmpty && !frame.isInflatedToNothing
        if options.dumpsPayloads {
            writeDump(of: isWire ? payload : inflated, frame.connection, atMost: limit, &writer)
        }
    }

    mutating func writeRow(_ message: Message, of observations: Observations, _ writer: inout TerminalWriter) {
        writeStart(message.sender, message.connection, message.kind.description, .plain, message.length, &writer)
        for (remark, ink) in message.remarks {
            writer.write("(\(remark))", ink)
            writer.skip(1)
        }
        let payload = observations.payload(of: message)
        let limit = message.compression == .none ? Int.max : options.shownLimit
        let view = PayloadView(message, payload)
        writePayload(view, .plain, message.application, message.connection, atMost: limit, &writer)
        if options.showsHeaders, let notes = message.application {
            writeDetails(notes, view, message.connection, &writer)
        }
        if options.dumpsPayloads { writeDump(of: payload, message.connection, atMost: limit, &writer) }
    }

    private mutating func writeDump(
        of payload: ArraySlice<UInt8>, _ connection: Int, atMost limit: Int, _ writer: inout TerminalWriter
    ) {
        guard !payload.isEmpty else { return }
        writer.write(full: .bytes(payload, isCut: false), atMost: limit) { writer in indent(connection, &writer) }
    }

    /// Who, what and how long.
    private mutating func writeStart(
        _ sender: Sender, _ connection: Int, _ kind: String, _ ink: Ink, _ length: UInt64,
        _ writer: inout TerminalWriter
    ) {
        let kindColumn = margin.width + sender.arrow.count + 2
        writer.write(sender.arrow, .connection(connection))
        writer.pad(to: kindColumn)
        writer.write(kind, ink)
        let length = "\(Decimal.grouped(length)) B"
        kindAndLengthWidth = max(kindAndLengthWidth, writer.column - kindColumn + 1 + length.utf8.count)
        writer.pad(to: kindColumn + kindAndLengthWidth - length.utf8.count)
        writer.write(length)
        writer.skip(2)
    }

    /// - Parameter notes: what the message says, which is shown in place of the payload where it says more.
    private mutating func writePayload(
        _ view: PayloadView, _ ink: Ink, _ notes: ApplicationNotes?, _ connection: Int, atMost limit: Int,
        _ writer: inout TerminalWriter
    ) {
        if let notes, notes.speaksForPayload, !view.isFound(by: options.search) {
            writer.write(notes, isQuoting: options.payload != .none)
            writer.endLine()
            guard options.payload == .full else { return }
            return writer.write(full: view, atMost: limit) { writer in indent(connection, &writer) }
        }
        switch options.payload {
        case .none:
            writer.endLine()
        case .preview:
            writer.write(preview: view, ink, showing: options.search)
            writer.endLine()
        case .full where view.fits(writer.room):
            writer.write(preview: view, ink, showing: options.search)
            writer.endLine()
        case .full:
            writer.endLine()
            writer.write(full: view, atMost: limit) { writer in indent(connection, &writer) }
        }
    }
}

extension TableReport {
    /// What the row leaves out for what a message says: the payload, and how its protocol was recognised.
    private mutating func writeDetails(
        _ notes: ApplicationNotes, _ view: PayloadView, _ connection: Int, _ writer: inout TerminalWriter
    ) {
        if notes.speaksForPayload, options.payload == .preview, !view.isFound(by: options.search) {
            indent(connection, &writer)
            writer.write(preview: view, .plain)
            writer.endLine()
        }
        guard let recognition = notes.recognition, options.payload != .none else { return }
        indent(connection, &writer)
        writer.write("read as \(recognition.description)", .faint)
        writer.endLine()
    }
}

extension PayloadView {
    /// Whether it is shown for a text that stands in it.
    fileprivate func isFound(by search: TextSearch?) -> Bool {
        guard case .text(let text, _) = self, let search else { return false }
        return search.firstMatch(in: text) != nil
    }
}

extension FrameHeader {
    /// The opcode, and of the flags those that matter: an ellipsis where the message goes on, and reserved bits.
    fileprivate var label: String {
        let name =
            switch opcode {
            case .continuation: "cont"
            case let opcode where opcode.isReserved: "op \(opcode.rawValue)"
            default: opcode.description
            }
        let bits = [(UInt8(4), "1"), (2, "2"), (1, "3")].filter { reservedBits & $0.0 != 0 }.map(\.1).joined()
        return name + (isFinal ? "" : "…") + (bits.isEmpty ? "" : " rsv\(bits)")
    }
}

extension Message {
    /// What is unusual about it.
    var remarks: [(String, Ink)] {
        var remarks: [(String, Ink)] = []
        switch compression {
        case .none, .inflated: break
        case .notInflated: remarks.append(("\(Decimal.grouped(wireLength)) B, not inflated", .warning))
        case .inflatedInPart: remarks.append(("inflated in part", .warning))
        }
        if !isWhole { remarks.append(("incomplete", .warning)) }
        if frames > 1 { remarks.append((Decimal.counted(UInt64(clamping: frames), "frame"), .faint)) }
        return remarks
    }
}
