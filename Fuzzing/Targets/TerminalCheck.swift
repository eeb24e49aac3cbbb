/// What text may do to a terminal.
enum TerminalCheck {
    /// The first thing in `output` that is not text or a line end; `nil` if absent.
    static func harm(in output: [UInt8]) -> String? {
        guard let text = String(validating: output, as: UTF8.self) else { return "not UTF-8" }
        let scalars = Array(text.unicodeScalars)
        for (index, scalar) in scalars.enumerated() where scalar != "\n" && !isJoiner(index, in: scalars) {
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator: return "U+\(String(scalar.value, radix: 16))"
            default: break
            }
        }
        return nil
    }

    /// Whether a character is a joiner between two that it changes: letters of Arabic or of India, or emoji.
    static func isJoiner(_ index: Int, in text: [Unicode.Scalar]) -> Bool {
        guard [0x200C, 0x200D].contains(text[index].value), index > 0, index + 1 < text.count else { return false }
        let (before, after) = (text[index - 1], text[index + 1])
        let isScript = { (scalar: Unicode.Scalar) in
            (0x0620...0x08FF).contains(scalar.value) || (0x0900...0x0E7F).contains(scalar.value)
        }
        let isEmoji = { (scalar: Unicode.Scalar) in scalar.value > 0x2000 && scalar.properties.isEmoji }
        return isScript(before) && isScript(after)
            || text[index].value == 0x200D && (isEmoji(before) || before.value == 0xFE0F) && isEmoji(after)
    }
}
