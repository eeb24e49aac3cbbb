import TapBytes

extension TerminalWriter {
    /// Writes JSON as far as it fits into the line: names in a colour of their own, signs faint, and without the spaces between
    /// them.
    mutating func write(json text: ArraySlice<UInt8>) {
        var pending: JSONToken?
        for token in JSONToken.all(in: text) where token.kind != .space {
            if let pending { write(text[pending.range], pending.ink(isName: token.kind == .colon)) }
            pending = token
            // One more, so that an ellipsis says that there is more.
            if room <= 0 { break }
        }
        if let pending { write(text[pending.range], pending.ink(isName: false)) }
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
