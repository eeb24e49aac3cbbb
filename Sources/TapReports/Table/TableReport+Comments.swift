import TapCore

extension TableReport {
    mutating func writeComment(_ comment: CaptureComment, _ writer: inout TerminalWriter) {
        let place =
            if case .packet(let number, _) = comment.subject { "packet \(number.rawValue)" } else {
                "the \(comment.subjectName)"
            }
        writer.write("comment on \(place):", .faint)
        writer.skip(1)
        let words = comment.text.split { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\n") }
        let pieces = words.map { Piece(String(decoding: $0, as: UTF8.self)) }
        writer.flow(pieces, separator: Piece(" ")) { writer in indent(nil, &writer) }
        writer.endLine()
    }
}
