/// How many cells of a terminal a character fills: 0, 1 or 2.
public enum TerminalWidth {
    /// The first and last of each block of wide characters, by Unicode's EastAsianWidth (W and F).
    /// Emoji are wide by their own property.
    private static let wide: [ClosedRange<UInt32>] = [
        0x1100...0x115F, 0x2329...0x232A, 0x2630...0x2637, 0x268A...0x268F, 0x2E80...0x303E, 0x3041...0x33FF,
        0x3400...0x4DBF, 0x4DC0...0xA4CF, 0xA960...0xA97C, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE10...0xFE19,
        0xFE30...0xFE6B, 0xFF01...0xFF60, 0xFFE0...0xFFE6, 0x16FE0...0x18DF2, 0x1AFF0...0x1B2FB, 0x1D300...0x1D376,
        0x1F200...0x1F265, 0x20000...0x3FFFD,
    ]

    public static func cells(_ scalar: Unicode.Scalar) -> Int {
        if scalar.value < 0x300 { return 1 }
        // It may turn the character before it into a wide emoji; too many cells do less harm than too few.
        if scalar == TerminalWidth.emojiSelector { return 1 }
        if isCombining(scalar) { return 0 }
        return scalar.properties.isEmojiPresentation || isWide(scalar.value) ? 2 : 1
    }

    /// U+FE0F, which asks for the colourful form of the character before it.
    static let emojiSelector: Unicode.Scalar = "\u{FE0F}"

    private static func isCombining(_ scalar: Unicode.Scalar) -> Bool {
        // The vowels and final consonants of Hangul join the consonant before them.
        if (0x1160...0x11FF).contains(scalar.value) { return true }
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .enclosingMark: return true
        default: return false
        }
    }

    private static func isWide(_ value: UInt32) -> Bool {
        guard value >= 0x1100 else { return false }
        return wide.contains { $0.contains(value) }
    }
}
