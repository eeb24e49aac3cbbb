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
        /// Whether it is a string with an escape in it, and whether its name has one.
        let isEscaped: Bool
        let isNameEscaped: Bool
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
    /// Texts nested deeper are not judged.
    package static let deepest = 1_000

    package let text: ArraySlice<UInt8>
    package let nodes: [Node]
    let style: Style

    package var root: JSONValue { JSONValue(document: self, index: 0) }

    /// Reads a text that is one value, with white space around it.
    package init(_ text: ArraySlice<UInt8>) throws(Fault) {
        var reader = JSONReader(start: text.startIndex)
        switch reader.read(text.span.bytes) {
        case .whole: break
        case .fault(let reason, let offset): throw Fault(reason: reason, offset: text.startIndex + offset)
        }
        self.text = text
        nodes = reader.nodes
        style = reader.style
    }

    package init(_ text: [UInt8]) throws(Fault) { try self.init(text[...]) }
}
