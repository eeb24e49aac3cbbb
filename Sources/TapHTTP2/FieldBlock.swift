import TapCore
import TapHTTP

/// The field lines of one header block, as they were decoded.
package struct FieldBlock {
    private(set) var bytes: [UInt8] = []
    private(set) var lines: [Line] = []
    /// Lines of which the name is not known: it was inserted into the table before the capture shows it.
    package private(set) var unknown = 0
    /// Bytes of lines that were not kept.
    package private(set) var dropped: UInt64 = 0
    private let limit: Int
    /// Whether lines are kept at all.
    private var isKept = true

    struct Line {
        let name: Range<Int>
        let value: Range<Int>
        let isPseudo: Bool
    }

    package init(limit: Int) { self.limit = limit }

    /// - Parameter isKept: whether those that come are kept.
    package mutating func removeAll(isKept: Bool = true) {
        self.isKept = isKept
        let isSmall = bytes.count <= Self.kept
        bytes.removeAll(keepingCapacity: isSmall)
        lines.removeAll(keepingCapacity: isSmall)
        unknown = 0
        dropped = 0
    }

    /// How much memory is kept for the next block, in bytes.
    private static let kept = 4_096

    package mutating func append(name: RawSpan, value: RawSpan, isNameKnown: Bool) {
        guard isKept else { return }
        guard isNameKnown else {
            unknown += 1
            return
        }
        let cost = name.byteCount + value.byteCount + (lines.count + 1) * HTTP2Limits.fieldCost
        guard bytes.count + cost <= limit else {
            dropped += UInt64(name.byteCount + value.byteCount)
            return
        }
        let start = bytes.count
        bytes.append(name)
        let middle = bytes.count
        bytes.append(value)
        lines.append(
            Line(
                name: start..<middle, value: middle..<bytes.count,
                isPseudo: name.byteCount > 0 && name.uint8(at: 0) == UInt8(ascii: ":")))
    }

    /// Whether every line is there.
    var isWhole: Bool { unknown == 0 && dropped == 0 }

    /// The value of the first line with a name; `nil` if absent.
    func first(_ name: StaticString) -> String? {
        for line in lines where HTTPText.isEqual(bytes.span.bytes.extracting(line.name), name) {
            return text(line.value)
        }
        return nil
    }

    /// Whether the first line with a name has this value.
    func has(_ name: StaticString, _ value: StaticString) -> Bool {
        for line in lines where HTTPText.isEqual(bytes.span.bytes.extracting(line.name), name) {
            return HTTPText.isEqual(bytes.span.bytes.extracting(line.value), value)
        }
        return false
    }

    package func has(_ name: StaticString) -> Bool {
        lines.contains { HTTPText.isEqual(bytes.span.bytes.extracting($0.name), name) }
    }

    func text(_ range: Range<Int>) -> String { String(decoding: bytes.span.bytes.extracting(range)) }

    package var pseudoFields: [HTTPField] {
        lines.filter(\.isPseudo).map { HTTPField(name: text($0.name), value: text($0.value)) }
    }

    package var fields: HTTPFields {
        var fields = HTTPFields(in: bytes)
        for line in lines where !line.isPseudo {
            fields.append(name: line.name, value: line.value, of: bytes.span.bytes)
        }
        return fields
    }
}
