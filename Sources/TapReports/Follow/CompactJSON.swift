import TapBytes

/// JSON without the spaces and line ends between its tokens, for people who read much of it.
enum CompactJSON {
    /// The same JSON, shorter; `nil` where the text is none.
    static func bytes(of text: ArraySlice<UInt8>) -> [UInt8]? {
        guard JSONShape.isWhole(text) else { return nil }
        var compact: [UInt8] = []
        compact.reserveCapacity(text.count)
        for token in JSONToken.all(in: text) where token.kind != .space { compact += text[token.range] }
        return compact
    }
}
