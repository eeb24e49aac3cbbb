import TapCore

/// The invisible characters that Persian, the scripts of India and emoji cannot do without: ZERO WIDTH NON-JOINER and JOINER.
/// They are harmless where they stand between two characters that they change, and could hide something anywhere else.
enum TextJoiner {
    static func isJoiner(_ scalar: Unicode.Scalar) -> Bool { scalar == "\u{200C}" || scalar == "\u{200D}" }

    /// Whether a joiner stands where it is seen.
    /// - Parameter offset: where the text goes on behind it.
    static func joins(
        _ before: Unicode.Scalar?, _ joiner: Unicode.Scalar, _ text: RawSpan, at offset: Int
    ) -> Bool {
        guard let before, offset < text.byteCount, let (after, _) = UTF8Text.scalar(in: text, at: offset) else {
            return false
        }
        if let script = script(of: before) { return script == TextJoiner.script(of: after) && isLetter(after) }
        let isFormed = before == TerminalWidth.emojiSelector || isEmoji(before)
        return joiner == "\u{200D}" && isFormed && isEmoji(after)
    }

    /// Blocks of letters that change their shapes beside others: Arabic with its extensions, and each of the scripts of India.
    private static let scripts: [[ClosedRange<UInt32>]] =
        [[0x0620...0x06FF, 0x0750...0x077F, 0x08A0...0x08FF]]
        + (0...10).map { [0x0900 + $0 * 0x80...0x097F + $0 * 0x80] }

    private static func script(of scalar: Unicode.Scalar) -> Int? {
        scripts.firstIndex { $0.contains { $0.contains(scalar.value) } }
    }

    private static func isLetter(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .otherLetter, .spacingMark: true
        default: false
        }
    }

    /// Emoji, and the colours of skin.
    private static func isEmoji(_ scalar: Unicode.Scalar) -> Bool {
        scalar.value > 0x2000 && scalar.properties.isEmoji
    }
}
