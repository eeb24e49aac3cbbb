extension TerminalText {
    /// The lines of a text that goes on, indented, where it has no room in one; words are broken only where they are longer than that.
    package static func paragraph(_ text: String, width: Int) -> String {
        var output: [UInt8] = []
        TerminalWriter.append(to: &output, TableStyle(width: width, hasColor: false)) { writer in
            writer.flow(Piece.words(of: text), separator: Piece(" "), limit: .max) { $0.skip(2) }
            writer.endLine()
        }
        return String(decoding: output, as: UTF8.self)
    }
}
