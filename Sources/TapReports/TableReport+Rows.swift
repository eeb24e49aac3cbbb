import TapAnalysis
import TapWebSocket

extension TableReport {
    private static let kindWidth = 12
    private static let lengthWidth = 9

    mutating func writeRow(_ frame: Frame, _ payload: ArraySlice<UInt8>, _ writer: inout TerminalWriter) {
        let header = frame.header
        let isControl = header.opcode.isControl
        let kindColumn = margin.width + frame.sender.arrow.count + 2
        writer.write(frame.sender.arrow, .connection(frame.connection))
        writer.pad(to: kindColumn)
        writer.write(header.label, header.opcode == .close ? .strong : isControl ? .faint : .plain)
        let length = "\(header.payloadLength) B"
        writer.pad(to: kindColumn + TableReport.kindWidth + TableReport.lengthWidth - length.utf8.count)
        writer.write(length)
        writer.skip(2)
        if !frame.isWhole {
            writer.write("(\(frame.capturedLength) B captured)", .warning)
            writer.skip(1)
        }
        let view = PayloadView(frame, payload)
        switch options.payload {
        case .none:
            writer.endLine()
        case .preview:
            writer.write(preview: view, isControl ? .faint : .plain)
            writer.endLine()
        case .full where view.fits(writer.room):
            writer.write(preview: view, isControl ? .faint : .plain)
            writer.endLine()
        case .full:
            writer.endLine()
            writer.write(full: view) { writer in indent(frame.connection, &writer) }
        }
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
