extension [Unicode.Scalar] {
    /// Whether the character at `index` is a joiner between two that it changes: letters of Arabic or of India, or emoji.
    package func hasJoiner(at index: Int) -> Bool {
        guard [0x200C, 0x200D].contains(self[index].value), index > 0, index + 1 < count else { return false }
        let (before, after) = (self[index - 1], self[index + 1])
        let isScript = { (scalar: Unicode.Scalar) in
            (0x0620...0x08FF).contains(scalar.value) || (0x0900...0x0E7F).contains(scalar.value)
        }
        let isEmoji = { (scalar: Unicode.Scalar) in scalar.value > 0x2000 && scalar.properties.isEmoji }
        return isScript(before) && isScript(after)
            || self[index].value == 0x200D && (isEmoji(before) || before.value == 0xFE0F) && isEmoji(after)
    }
}
