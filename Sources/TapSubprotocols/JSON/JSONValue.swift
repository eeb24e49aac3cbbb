import TapCore

/// A value in a JSON document.
package struct JSONValue: Sendable {
    private let document: JSONDocument
    private let index: Int

    package init(document: JSONDocument, index: Int) {
        self.document = document
        self.index = index
    }

    private var node: JSONDocument.Node { document.nodes[index] }

    package var kind: JSONDocument.Kind { node.kind }

    /// Where it stands in the text, strings with their quotes.
    package var range: Range<Int> {
        let start = document.text.startIndex
        return (start + Int(node.start))..<(start + Int(node.end))
    }

    /// As it is written, strings with their quotes.
    package var text: ArraySlice<UInt8> { document.text[range] }

    /// Members or elements.
    package var count: Int { Int(node.count) }

    /// The index of the first node behind all that lie in it.
    private var end: Int { Int(node.next) }

    /// A member; the last one where there are several of the name, as other readers have it.
    package subscript(name: JSONName) -> JSONValue? {
        member(name).map { JSONValue(document: document, index: $0) }
    }

    /// Whether it has a member of that name.
    func has(_ name: JSONName) -> Bool { member(name) != nil }

    /// An element of those that were kept.
    package subscript(position: Int) -> JSONValue? {
        guard kind == .array else { return nil }
        var next = index + 1
        var position = position
        let end = end
        while next < end {
            if position == 0 { return JSONValue(document: document, index: next) }
            position -= 1
            next = Int(document.nodes[next].next)
        }
        return nil
    }

    /// The elements that were kept.
    package var elements: [JSONValue] {
        var elements: [JSONValue] = []
        forEachElement { elements.append($0) }
        return elements
    }

    /// Goes through the elements that were kept, or those at some positions.
    func forEachElement(in positions: Range<Int> = 0..<(.max), _ body: (JSONValue) -> Void) {
        guard kind == .array else { return }
        var next = index + 1
        let end = end
        var position = 0
        while next < end, position < positions.upperBound {
            if position >= positions.lowerBound { body(JSONValue(document: document, index: next)) }
            position += 1
            next = Int(document.nodes[next].next)
        }
    }

    /// The members that were kept, in order.
    package var members: [(name: String, value: JSONValue)] {
        guard kind == .object else { return [] }
        var members: [(name: String, value: JSONValue)] = []
        var next = index + 1
        let end = end
        while next < end {
            if let name = name(of: next) {
                members.append((JSONText.string(name), JSONValue(document: document, index: next)))
            }
            next = Int(document.nodes[next].next)
        }
        return members
    }

    package var string: String? { kind == .string ? content : nil }

    package var isString: Bool { kind == .string }

    /// Whether it has a member that is a string, and says just that.
    func has(_ name: JSONName, saying text: JSONName) -> Bool { has(member(name).map { Int32($0) }, saying: text) }

    /// The same of a member that was found.
    func has(_ found: Int32?, saying text: JSONName) -> Bool {
        guard let found, document.nodes[Int(found)].kind == .string else { return false }
        let node = document.nodes[Int(found)]
        if node.isEscaped { return member(found)?.string == text.text }
        let start = Int(node.start) + 1
        guard Int(node.end) - start - 1 == text.count else { return false }
        return text.count <= 8 ? document.letters(at: start, text.count) == text.letters : isWritten(text, from: start)
    }

    /// Members of several names, found at once: of each the last one.
    func find<let count: Int>(_ names: borrowing InlineArray<count, JSONName>) -> InlineArray<count, Int32?> {
        var found = InlineArray<count, Int32?>(repeating: nil)
        guard kind == .object else { return found }
        var next = index + 1
        let end = end
        while next < end {
            let letters = document.nodes[next].name.letters
            let isEscaped = document.nodes[next].name.isEscaped
            for place in 0..<count where letters == names[place].letters || isEscaped {
                if isNamed(names[place], next) { found[place] = Int32(truncatingIfNeeded: next) }
            }
            next = Int(document.nodes[next].next)
        }
        return found
    }

    /// A member that was found.
    func member(_ found: Int32?) -> JSONValue? { found.map { JSONValue(document: document, index: Int($0)) } }

    package var isObject: Bool { kind == .object }

    package var isArray: Bool { kind == .array }

    /// `true` or `false`.
    package var boolean: Bool? { kind == .boolean ? text.count == 4 : nil }

    /// A whole number as it is written.
    package var integer: Int? { kind == .number ? Int(String(decoding: text, as: UTF8.self)) : nil }

    /// A string without its quotes, else a number or a word as it is written.
    package var plain: String? {
        switch kind {
        case .string: content
        case .number, .boolean: String(decoding: text, as: UTF8.self)
        case .object, .array, .null: nil
        }
    }

    /// The JSON value that a string is the text of.
    package var embedded: JSONValue? { string.flatMap { try? JSONDocument(Array($0.utf8)).root } }

    /// The beginning of it on one line, without the space between tokens.
    package func excerpt(upTo limit: Int = Excerpt.length) -> String {
        var line = SummaryLine()
        line.add(excerptOf: self, upTo: limit)
        return line.text
    }

    /// The same, as bytes.
    func appendExcerpt(upTo limit: Int, to output: inout [UInt8]) {
        guard document.style.contains(.spaced) else { return Excerpt.append(text, upTo: limit, to: &output) }
        // One byte more than is shown says that there is more.
        var bytes: [UInt8] = []
        bytes.reserveCapacity(limit + 1)
        var isInString = false
        var isEscaped = false
        for byte in text {
            if bytes.count > limit { break }
            if isEscaped {
                isEscaped = false
            } else if byte == UInt8(ascii: "\"") {
                isInString.toggle()
            } else if isInString {
                isEscaped = byte == UInt8(ascii: "\\")
            } else if byte <= 0x20 {
                continue
            }
            bytes.append(byte)
        }
        Excerpt.append(bytes[...], upTo: limit, to: &output)
    }

    /// Whether a ``StructuredValue`` of it would be shown just as it is written.
    var isShownAsWritten: Bool { !document.style.contains(.involved) }

    private var content: String {
        let range = range
        guard !node.isEscaped else { return JSONText.string(document.text[range]) }
        return String(decoding: document.text[(range.lowerBound + 1)..<(range.upperBound - 1)], as: UTF8.self)
    }

    /// The node of a member.
    private func member(_ name: JSONName) -> Int? {
        guard kind == .object else { return nil }
        var found: Int?
        var next = index + 1
        let end = end
        while next < end {
            if isNamed(name, next) { found = next }
            next = Int(document.nodes[next].next)
        }
        return found
    }

    private func isNamed(_ name: JSONName, _ index: Int) -> Bool {
        let found = document.nodes[index].name
        if found.isEscaped { return self.name(of: index).map { JSONText.string($0) } == name.text }
        guard found.count == name.count, found.letters == name.letters else { return false }
        return name.count <= 8 || isWritten(name, from: Int(found.start) + 1)
    }

    /// The name of a node as it is written, with its quotes.
    private func name(of index: Int) -> ArraySlice<UInt8>? {
        let start = document.text.startIndex
        return document.nodes[index].name.range.map {
            document.text[(start + $0.lowerBound)..<(start + $0.upperBound)]
        }
    }

    /// Whether a text stands at a place, counted from the beginning of the document.
    private func isWritten(_ name: JSONName, from start: Int) -> Bool {
        var place = document.text.startIndex + start
        for byte in name.text.utf8 {
            guard document.text[place] == byte else { return false }
            place += 1
        }
        return true
    }
}
