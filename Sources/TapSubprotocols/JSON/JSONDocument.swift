import TapCore

/// One JSON value with what lies in it. RFC 8259.
///
/// The whole text is judged, without recursion; values are kept down to a depth and up to a number.
package struct JSONDocument: Sendable {
    package enum Kind: Sendable {
        case object, array, string, number, boolean, null
    }

    package struct Node: Sendable {
        let kind: Kind
        /// Where its name stands with its quotes, if it is a member.
        let name: Range<Int>?
        /// Where it stands, strings with their quotes.
        var range: Range<Int>
        /// The index of the first node behind all that lie in it.
        var next: Int
        /// Members or elements, also those that were not kept.
        var count = 0
    }

    /// What is wrong with a text, and where.
    package struct Fault: Error, Equatable {
        let reason: String
        package let offset: Int
    }

    /// Values nested deeper are judged, but not kept.
    package static let keptDepth = 8
    /// Further values are judged, but not kept.
    package static let keptNodes = 16_384
    /// Texts nested deeper are not judged.
    package static let deepest = 1_000

    package let text: ArraySlice<UInt8>
    package let nodes: [Node]

    package var root: JSONValue { JSONValue(document: self, index: 0) }

    /// Reads a text that is one value, with white space around it.
    package init(_ text: ArraySlice<UInt8>) throws(Fault) {
        var reader = JSONReader(text)
        try reader.read()
        self.text = text
        nodes = reader.nodes
    }

    package init(_ text: [UInt8]) throws(Fault) { try self.init(text[...]) }
}

/// Reads one value, token by token.
private struct JSONReader {
    private enum Expected {
        case value, valueOrEnd, name, nameOrEnd, colon, commaOrEnd, nothing
    }

    private struct Level {
        let isObject: Bool
        /// `nil` where it is not kept.
        let node: Int?
    }

    private let text: ArraySlice<UInt8>
    private(set) var nodes: [JSONDocument.Node] = []
    private var levels: [Level] = []
    private var expected = Expected.value
    private var name: Range<Int>?

    package init(_ text: ArraySlice<UInt8>) { self.text = text }

    package mutating func read() throws(JSONDocument.Fault) {
        var rest = text
        while let token = JSONToken(first: rest) {
            rest = rest[token.range.upperBound...]
            if token.kind != .space { try take(token) }
        }
        guard expected == .nothing else { throw fault("the text ends too early", text.endIndex) }
    }

    private mutating func take(_ token: JSONToken) throws(JSONDocument.Fault) {
        switch (expected, token.kind) {
        case (.value, .opening), (.valueOrEnd, .opening): try open(token)
        case (.value, .string), (.valueOrEnd, .string):
            try check(string: token)
            add(.string, token)
        case (.value, .number), (.valueOrEnd, .number):
            guard JSONText.isNumber(text[token.range]) else { throw fault("no number", token) }
            add(.number, token)
        case (.value, .word), (.valueOrEnd, .word): try add(word: token)
        case (.valueOrEnd, .closing), (.nameOrEnd, .closing), (.commaOrEnd, .closing): try close(token)
        case (.name, .string), (.nameOrEnd, .string):
            try check(string: token)
            name = token.range
            expected = .colon
        case (.colon, .colon): expected = .value
        case (.commaOrEnd, .comma): expected = levels.last?.isObject == true ? .name : .value
        default: throw fault("no JSON", token)
        }
    }

    private mutating func open(_ token: JSONToken) throws(JSONDocument.Fault) {
        guard levels.count < JSONDocument.deepest else {
            throw fault("nested in more than \(JSONDocument.deepest) levels", token)
        }
        let isObject = text[token.range.lowerBound] == UInt8(ascii: "{")
        let node = keep(isObject ? .object : .array, token)
        levels.append(Level(isObject: isObject, node: node))
        expected = isObject ? .nameOrEnd : .valueOrEnd
    }

    private mutating func close(_ token: JSONToken) throws(JSONDocument.Fault) {
        let isObject = text[token.range.lowerBound] == UInt8(ascii: "}")
        guard let level = levels.popLast(), level.isObject == isObject else { throw fault("no JSON", token) }
        if let node = level.node {
            nodes[node].range = nodes[node].range.lowerBound..<token.range.upperBound
            nodes[node].next = nodes.count
        }
        expected = levels.isEmpty ? .nothing : .commaOrEnd
    }

    private mutating func add(word token: JSONToken) throws(JSONDocument.Fault) {
        let word = text[token.range]
        if word.elementsEqual("null".utf8) { return add(.null, token) }
        guard word.elementsEqual("true".utf8) || word.elementsEqual("false".utf8) else { throw fault("no JSON", token) }
        add(.boolean, token)
    }

    private mutating func add(_ kind: JSONDocument.Kind, _ token: JSONToken) {
        _ = keep(kind, token)
        expected = levels.isEmpty ? .nothing : .commaOrEnd
    }

    private mutating func keep(_ kind: JSONDocument.Kind, _ token: JSONToken) -> Int? {
        defer { name = nil }
        if let parent = levels.last?.node { nodes[parent].count += 1 }
        guard levels.count < JSONDocument.keptDepth, nodes.count < JSONDocument.keptNodes else { return nil }
        nodes.append(JSONDocument.Node(kind: kind, name: name, range: token.range, next: nodes.count + 1))
        return nodes.count - 1
    }

    private func check(string token: JSONToken) throws(JSONDocument.Fault) {
        if let offset = JSONText.fault(inString: text[token.range]) { throw fault("no string", offset) }
    }

    private func fault(_ reason: String, _ token: JSONToken) -> JSONDocument.Fault {
        fault(reason, token.range.lowerBound)
    }

    private func fault(_ reason: String, _ offset: Int) -> JSONDocument.Fault {
        JSONDocument.Fault(reason: reason, offset: offset)
    }
}
