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

    /// Writes all of a JSON text on lines of its own, without the spaces between its tokens: broken at commas, or with a line for
    /// each member.
    /// - Parameter newLine: writes what each line begins with.
    mutating func write(
        full text: ArraySlice<UInt8>, isPretty: Bool, newLine: (inout TerminalWriter) -> Void
    ) {
        newLine(&self)
        let tokens = JSONToken.all(in: text).filter { $0.kind != .space }
        if isPretty {
            write(pretty: tokens, of: text, newLine)
        } else {
            write(compact: tokens, of: text, newLine)
        }
        endLine()
    }

    private mutating func write(
        compact tokens: [JSONToken], of text: ArraySlice<UInt8>, _ newLine: (inout TerminalWriter) -> Void
    ) {
        let start = column
        var index = 0
        while index < tokens.count {
            let end = tokens[index...].firstIndex { $0.kind == .comma }.map { $0 + 1 } ?? tokens.count
            let part = text[tokens[index].range.lowerBound..<tokens[end - 1].range.upperBound]
            // What may be spaces in it are a few cells.
            if column > start, TerminalText.cells(part) > room {
                endLine()
                newLine(&self)
            }
            for token in index..<end { write(token, of: tokens, in: text, newLine) }
            index = end
        }
    }

    private mutating func write(
        pretty tokens: [JSONToken], of text: ArraySlice<UInt8>, _ newLine: (inout TerminalWriter) -> Void
    ) {
        var depth = 0
        func begin(_ writer: inout TerminalWriter) {
            writer.endLine()
            newLine(&writer)
            writer.skip(min(2 * depth, TerminalWriter.deepestIndent))
        }
        for (index, token) in tokens.enumerated() {
            let isEmpty = index > 0 && tokens[index - 1].kind == .opening
            switch token.kind {
            case .opening: depth += 1
            case .closing:
                depth -= 1
                if !isEmpty { begin(&self) }
            case .comma, .colon, .string, .number, .word, .space, .other: break
            }
            if isEmpty, token.kind != .closing { begin(&self) }
            write(index, of: tokens, in: text, newLine)
            if token.kind == .colon { skip(1) }
            if token.kind == .comma { begin(&self) }
        }
    }

    private static let deepestIndent = 24

    private mutating func write(
        _ index: Int, of tokens: [JSONToken], in text: ArraySlice<UInt8>, _ newLine: (inout TerminalWriter) -> Void
    ) {
        let isName = index + 1 < tokens.count && tokens[index + 1].kind == .colon
        write(folded: text[tokens[index].range], tokens[index].ink(isName: isName), newLine: newLine)
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
