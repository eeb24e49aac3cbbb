import TapCore

/// One JSON value with what lies in it. RFC 8259.
///
/// The whole text is judged, without recursion; values are kept down to a depth and up to a number. It changes only where
/// nobody else holds it, when its memory is used for another text.
package final class JSONDocument: @unchecked Sendable {
    package enum Kind: Sendable {
        case object, array, string, number, boolean, null
    }

    /// The name of a member; places are counted from the beginning of the text.
    struct MemberName: Sendable {
        /// The first bytes of it.
        private(set) var letters = JSONName.Letters()
        /// Its range with the quotes; empty if absent.
        private(set) var start: UInt32 = 0
        private(set) var end: UInt32 = 0
        private(set) var isEscaped = false

        init() {}

        init(_ text: RawSpan, _ start: Int, _ end: Int, _ isEscaped: Bool) {
            letters = JSONName.Letters(text, start &+ 1, end &- 1)
            self.start = UInt32(truncatingIfNeeded: start)
            self.end = UInt32(truncatingIfNeeded: end)
            self.isEscaped = isEscaped
        }

        var range: Range<Int>? { end > start ? Int(start)..<Int(end) : nil }

        /// Bytes between its quotes.
        var count: Int { Int(end) &- Int(start) &- 2 }
    }

    struct Node: Sendable {
        let kind: Kind
        /// Whether it is a string with an escape in it.
        let isEscaped: Bool
        let name: MemberName
        /// Where it stands, strings with their quotes; counted from the beginning of the text.
        let start: UInt32
        var end: UInt32
        /// The index of the first node behind all that lie in it.
        var next: Int32
        /// Members or elements, also those that were not kept.
        var count: UInt32 = 0

        /// What stands where no value is kept yet.
        static let none = Node(kind: .null, isEscaped: false, name: MemberName(), start: 0, end: 0, next: 0)
    }

    /// What is wrong with a text, and where.
    package struct Fault: Error, Equatable {
        let reason: String
        package let offset: Int
    }

    /// How a text is written.
    struct Style: OptionSet {
        let rawValue: UInt8

        /// There is space between tokens.
        static let spaced = Style(rawValue: 1)
        /// A string or a name has an escape, a number is no short whole one, or something is not kept: what it says is not
        /// just what is written.
        static let involved = Style(rawValue: 2)
    }

    /// Values nested deeper are judged, but not kept.
    package static let keptDepth = 8
    /// Further values are judged, but not kept.
    package static let keptNodes = 16_384
    /// There is room for so many at first.
    private static let firstNodes = 64
    /// Texts nested deeper are not judged.
    package static let deepest = 1_000

    private(set) var text: ArraySlice<UInt8> = []
    /// Those that are kept come first.
    private(set) var nodes: [Node] = []
    private(set) var style: Style = []

    package var root: JSONValue { JSONValue(document: self, index: 0) }

    /// Reads a text that is one value, with white space around it.
    package init(_ text: ArraySlice<UInt8>) throws(Fault) { try read(text) }

    package convenience init(_ text: [UInt8]) throws(Fault) { try self.init(text[...]) }

    /// The same, in the memory of a document that nobody uses any more, if there is one.
    static func read(_ text: ArraySlice<UInt8>, reusing spare: inout JSONDocument?) throws(Fault) -> JSONValue {
        if isKnownUniquelyReferenced(&spare), let spare {
            try spare.read(text)
            return spare.root
        }
        let document = try JSONDocument(text)
        if spare == nil { spare = document }
        return document.root
    }

    /// The letters of so many bytes at a place, counted from the beginning of the text; at most eight.
    func letters(at start: Int, _ count: Int) -> JSONName.Letters {
        let text = text
        return JSONName.Letters(text.span.bytes, start, start + count)
    }

    /// Nobody uses it any more; its text is not kept.
    func clear() { text = [] }

    private func read(_ text: ArraySlice<UInt8>) throws(Fault) {
        if nodes.isEmpty { nodes = Array(repeating: Node.none, count: JSONDocument.firstNodes) }
        while true {
            var kept: [Node] = []
            swap(&nodes, &kept)
            defer { swap(&nodes, &kept) }
            var reader = JSONReader()
            var room = kept.mutableSpan
            switch reader.read(text.span.bytes, into: &room) {
            case .whole:
                self.text = text
                style = reader.style
                return
            case .full: kept = Array(repeating: Node.none, count: min(4 * kept.count, JSONDocument.keptNodes))
            case .fault(let reason, let offset): throw Fault(reason: reason, offset: text.startIndex + offset)
            }
        }
    }
}
