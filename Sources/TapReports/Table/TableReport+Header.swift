import TapCore
import TapWebSocket

extension TableReport {
    /// The bytes of a frame's header, each with what its bits mean. RFC 6455 §5.2.
    mutating func writeHeader(_ header: FrameHeader, _ connection: Int, _ writer: inout TerminalWriter) {
        let parts = header.parts
        // Each byte takes two digits, and a space before the next one.
        let width = (parts.map(\.bytes.count).max() ?? 0) * 3 + 1
        for (bytes, items) in parts {
            indent(connection, &writer)
            let column = writer.column + max(width, TableReport.headerBytesWidth)
            writer.write(bytes.map { Hex.string(CollectionOfOne($0)) }.joined(separator: " "), .name)
            writer.pad(to: column)
            writer.flow(items: items) { writer in
                indent(connection, &writer)
                writer.pad(to: column)
            }
            writer.endLine()
        }
    }

    /// A masking key takes four bytes. Of frames with the longest form of a length, which takes eight, all stands further right.
    private static let headerBytesWidth = 13
}

extension FrameHeader {
    /// The header in the order of its bytes, with the meaning of each part.
    fileprivate var parts: [(bytes: [UInt8], items: [Piece])] {
        let bytes = self.bytes
        let flags =
            [
                Piece("FIN \(isFinal ? 1 : 0)"),
                Piece("RSV \(FrameHeader.bits(reservedBits, 3))", reservedBits == 0 ? .faint : .warning),
                Piece("opcode \(FrameHeader.bits(opcode.rawValue, 4)) \(opcode)"),
            ] + (isFinal || opcode.isControl ? [] : [Piece("the message goes on", .faint)])
        let short = bytes[1] & 0x7F
        let length = "length \(FrameHeader.bits(short, 7))"
        let form = bytes.count - (isMasked ? 4 : 0) - 2
        let lengthText =
            switch form {
            case 2: "\(length): in the next two bytes"
            case 8: "\(length): in the next eight bytes"
            default: "\(length) = \(short)"
            }
        var parts = [
            ([bytes[0]], flags), ([bytes[1]], [Piece("MASK \(isMasked ? 1 : 0)"), Piece(lengthText)]),
        ]
        if form > 0 {
            let remark = isLengthMinimal ? "" : ", which a shorter form could say"
            parts.append((Array(bytes[2..<2 + form]), [Piece("length \(Decimal.grouped(payloadLength))\(remark)")]))
        }
        if isMasked { parts.append((Array(bytes.suffix(4)), [Piece("masking key", .faint)])) }
        return parts
    }

    /// The lowest bits of a number.
    private static func bits(_ value: UInt8, _ count: Int) -> String {
        String((0..<count).reversed().map { value >> $0 & 1 == 1 ? "1" : "0" })
    }
}
