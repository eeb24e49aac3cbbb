import TapCore

/// Tells JSON objects and arrays (RFC 8259) from text that only begins like them.
struct JSONShape {
    private enum Expectation { case value, valueOrEnd, name, nameOrEnd, colon, commaOrEnd, nothing }

    /// Bytes that are looked at: who keeps to the form so far, keeps to it further on.
    private static let lookedAt = 512

    private var expected = Expectation.value
    /// Whether each of what is open is an object.
    private var open: [Bool] = []

    /// Whether a text is an object or an array, as far as one looks.
    static func fits(_ text: ArraySlice<UInt8>) -> Bool {
        guard begins(text) else { return false }
        let head = text.prefix(lookedAt)
        var shape = JSONShape()
        for token in JSONToken.all(in: head) where token.kind != .space {
            // What is cut at the end may be anything.
            if token.range.upperBound == head.endIndex, head.endIndex < text.endIndex { return true }
            guard shape.takes(token, text[token.range]) else { return false }
        }
        return true
    }

    /// Whether a text is one object or array from its first byte to its last.
    static func isWhole(_ text: ArraySlice<UInt8>) -> Bool {
        guard begins(text) else { return false }
        var shape = JSONShape()
        for token in JSONToken.all(in: text) where token.kind != .space {
            guard shape.takes(token, text[token.range]) else { return false }
        }
        return shape.expected == .nothing
    }

    private static func begins(_ text: ArraySlice<UInt8>) -> Bool {
        let first = text.first { $0 > 0x20 }
        return first == UInt8(ascii: "{") || first == UInt8(ascii: "[")
    }

    private mutating func takes(_ token: JSONToken, _ text: ArraySlice<UInt8>) -> Bool {
        switch (token.kind, expected) {
        case (.opening, .value), (.opening, .valueOrEnd):
            let isObject = text.first == UInt8(ascii: "{")
            open.append(isObject)
            expected = isObject ? .nameOrEnd : .valueOrEnd
        case (.closing, .valueOrEnd), (.closing, .nameOrEnd), (.closing, .commaOrEnd):
            guard open.popLast() == (text.first == UInt8(ascii: "}")) else { return false }
            expected = open.isEmpty ? .nothing : .commaOrEnd
        case (.string, .name), (.string, .nameOrEnd): expected = .colon
        case (.colon, .colon): expected = .value
        case (.comma, .commaOrEnd): expected = open.last == true ? .name : .value
        case (.string, .value), (.string, .valueOrEnd), (.number, .value), (.number, .valueOrEnd):
            expected = .commaOrEnd
        case (.word, .value), (.word, .valueOrEnd):
            guard ["true", "false", "null"].contains(where: { text.elementsEqual($0.utf8) }) else { return false }
            expected = .commaOrEnd
        default: return false
        }
        return true
    }
}
