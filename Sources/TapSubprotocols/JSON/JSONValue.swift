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
    package var range: Range<Int> { node.range }

    /// As it is written, strings with their quotes.
    package var text: ArraySlice<UInt8> { document.text[node.range] }

    /// Members or elements.
    package var count: Int { node.count }

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
        while next < node.next {
            if position == 0 { return JSONValue(document: document, index: next) }
            position -= 1
            next = document.nodes[next].next
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
        let end = node.next
        var position = 0
        while next < end, position < positions.upperBound {
            if position >= positions.lowerBound { body(JSONValue(document: document, index: next)) }
            position += 1
            next = document.nodes[next].next
        }
    }

    /// The members that were kept, in order.
    package var members: [(name: String, value: JSONValue)] {
        guard kind == .object else { return [] }
        var members: [(name: String, value: JSONValue)] = []
        var next = index + 1
        let end = node.next
        while next < end {
            let child = document.nodes[next]
            if let name = child.name {
                members.append((JSONText.string(document.text[name]), JSONValue(document: document, index: next)))
            }
            next = child.next
        }
        return members
    }

    package var string: String? { kind == .string ? content : nil }

    package var isString: Bool { kind == .string }

    /// Whether it is a string that says just that.
    func isString(_ text: String) -> Bool { isString && (node.isEscaped ? content == text : isWritten(text, node.range)) }

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
        for byte in text where bytes.count <= limit {
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
        node.isEscaped ? JSONText.string(text) : String(decoding: text.dropFirst().dropLast(), as: UTF8.self)
    }

    /// The node of a member.
    private func member(_ name: JSONName) -> Int? {
        guard kind == .object else { return nil }
        var found: Int?
        var next = index + 1
        let end = node.next
        while next < end {
            if isNamed(name, next) { found = next }
            next = document.nodes[next].next
        }
        return found
    }

    private func isNamed(_ name: JSONName, _ index: Int) -> Bool {
        guard let range = document.nodes[index].name else { return false }
        if document.nodes[index].isNameEscaped { return JSONText.string(document.text[range]) == name.text }
        guard range.count == name.count + 2, document.nodes[index].nameStart == name.start else { return false }
        return name.count <= 8 || isWritten(name.text, range)
    }

    /// Whether a text stands at a place, with quotes around it.
    private func isWritten(_ text: String, _ range: Range<Int>) -> Bool {
        guard range.count == text.utf8.count + 2 else { return false }
        var place = range.lowerBound
        for byte in text.utf8 {
            place += 1
            guard document.text[place] == byte else { return false }
        }
        return true
    }
}
