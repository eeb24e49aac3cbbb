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
    package subscript(name: String) -> JSONValue? {
        guard kind == .object else { return nil }
        var found: JSONValue?
        forEachChild { child, childName in
            guard let childName, JSONValue.isName(document.text[childName], name) else { return }
            found = child
        }
        return found
    }

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
        guard kind == .array else { return [] }
        var elements: [JSONValue] = []
        forEachChild { child, _ in elements.append(child) }
        return elements
    }

    /// The members that were kept, in order.
    package var members: [(name: String, value: JSONValue)] {
        var members: [(name: String, value: JSONValue)] = []
        forEachChild { child, name in
            if let name { members.append((JSONText.string(document.text[name]), child)) }
        }
        return members
    }

    package var string: String? { kind == .string ? JSONText.string(text) : nil }

    package var isString: Bool { kind == .string }

    package var isObject: Bool { kind == .object }

    package var isArray: Bool { kind == .array }

    /// `true` or `false`.
    package var boolean: Bool? { kind == .boolean ? text.count == 4 : nil }

    /// A whole number as it is written.
    package var integer: Int? { kind == .number ? Int(String(decoding: text, as: UTF8.self)) : nil }

    /// A string without its quotes, else a number or a word as it is written.
    package var plain: String? {
        switch kind {
        case .string: JSONText.string(text)
        case .number, .boolean: String(decoding: text, as: UTF8.self)
        case .object, .array, .null: nil
        }
    }

    /// The JSON value that a string is the text of.
    package var embedded: JSONValue? { string.flatMap { try? JSONDocument(Array($0.utf8)).root } }

    /// The beginning of it on one line, without the space between tokens.
    package func excerpt(upTo limit: Int = Excerpt.length) -> String {
        var bytes: [UInt8] = []
        var rest = text
        while bytes.count <= limit, let token = JSONToken(first: rest) {
            if token.kind != .space { bytes += text[token.range].prefix(limit + 1) }
            rest = rest[token.range.upperBound...]
        }
        return Excerpt.text(bytes, upTo: limit)
    }

    private func forEachChild(_ body: (JSONValue, Range<Int>?) -> Void) {
        guard kind == .object || kind == .array else { return }
        var next = index + 1
        while next < node.next {
            body(JSONValue(document: document, index: next), document.nodes[next].name)
            next = document.nodes[next].next
        }
    }

    private static func isName(_ text: ArraySlice<UInt8>, _ name: String) -> Bool {
        let inside = text.dropFirst().dropLast()
        if inside.contains(UInt8(ascii: "\\")) { return JSONText.string(text) == name }
        return inside.elementsEqual(name.utf8)
    }
}
