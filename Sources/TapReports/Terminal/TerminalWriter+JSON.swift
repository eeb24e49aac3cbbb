import TapCore

extension TerminalWriter {
    /// Writes JSON as far as it fits into the line: names in a colour of their own, signs faint, and without the spaces between
    /// them.
    /// - Parameters:
    ///   - start: where in the text to begin.
    ///   - match: what is marked.
    mutating func write(json text: ArraySlice<UInt8>, from start: Int, marking match: Range<Int>?) {
        var pending: JSONToken?
        for token in JSONToken.all(in: text) where token.kind != .space && token.range.upperBound > start {
            if let pending { write(pending, of: text, from: start, isName: token.kind == .colon, marking: match) }
            pending = token
            // One more, so that an ellipsis says that there is more.
            if room <= 0 { break }
        }
        if let pending { write(pending, of: text, from: start, isName: false, marking: match) }
    }

    private mutating func write(
        _ token: JSONToken, of text: ArraySlice<UInt8>, from start: Int, isName: Bool, marking match: Range<Int>?
    ) {
        write(
            text[max(token.range.lowerBound, start)..<token.range.upperBound], token.ink(isName: isName), marking: match
        )
    }
}

extension JSONToken {
    /// - Parameter isName: whether a colon follows.
    fileprivate func ink(isName: Bool) -> Ink {
        switch kind {
        case .string: isName ? .name : .plain
        case .number, .word: .value
        case .opening, .closing, .colon, .comma: .faint
        case .space, .other: .plain
        }
    }
}
