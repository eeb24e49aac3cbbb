import TapCore

/// Reads one value in one pass over its bytes, with no memory but for the values that are kept.
///
/// What may come next is where the reading stands: at a value, or behind one.
struct JSONReader {
    enum Outcome {
        case whole
        /// There is no room for a value that is to be kept.
        case full
        /// What is wrong, and where.
        case fault(String, Int)
    }

    private(set) var style: JSONDocument.Style = []
    /// Values that are kept.
    private var count = 0
    /// A bit for each of the innermost 64 levels, the innermost the lowest: whether it is an object; those further out after
    /// them.
    private var objects: UInt64 = 0
    private var outerObjects: [UInt64] = []
    private var depth = 0
    /// The innermost open node that is kept; while a node is open, its ``JSONDocument/Node/next`` is the one around it.
    private var parent = -1
    /// Levels inside that one, which are not kept.
    private var unkept = 0

    private static let early = "the text ends too early"
    private static let wrong = "no JSON"

    // Where it is called, so that what it remembers lies in processor registers, as far as they go.
    @inline(__always)
    mutating func read(_ text: RawSpan, into nodes: inout MutableSpan<JSONDocument.Node>) -> Outcome {
        guard text.byteCount <= Int(UInt32.max) else { return .fault("too long", 0) }
        var offset = 0
        while true {
            skipSpace(text, &offset)
            var name = JSONDocument.MemberName()
            if isInObject {
                guard isNext(UInt8(ascii: "\""), text, offset) else { return unexpected(text, offset) }
                let start = offset
                var isEscaped = false
                offset = JSONGrammar.string(text, from: start, &isEscaped)
                guard offset > 0 else { return .fault("no string", -offset) }
                if isEscaped { style.insert(.involved) }
                name = JSONDocument.MemberName(text, start, offset, isEscaped)
                skipSpace(text, &offset)
                guard isNext(UInt8(ascii: ":"), text, offset) else { return unexpected(text, offset) }
                offset &+= 1
                skipSpace(text, &offset)
            }
            guard offset < text.byteCount else { return .fault(JSONReader.early, text.byteCount) }
            if count == nodes.count, count < JSONDocument.keptNodes { return .full }
            let start = offset
            let byte = text.uint8(at: start)
            switch byte {
            case UInt8(ascii: "\""):
                var isEscaped = false
                offset = JSONGrammar.string(text, from: start, &isEscaped)
                guard offset > 0 else { return .fault("no string", -offset) }
                if isEscaped { style.insert(.involved) }
                _ = keep(.string, name, start, offset, isEscaped, into: &nodes)
            case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
                guard let number = JSONGrammar.number(text, from: start) else { return .fault("no number", start) }
                offset = number.end
                if !number.isShort { style.insert(.involved) }
                _ = keep(.number, name, start, offset, false, into: &nodes)
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                guard depth < JSONDocument.deepest else {
                    return .fault("nested in more than \(JSONDocument.deepest) levels", start)
                }
                let isObject = byte == UInt8(ascii: "{")
                open(isObject: isObject, name, start, &nodes)
                offset &+= 1
                skipSpace(text, &offset)
                if !isNext(isObject ? UInt8(ascii: "}") : UInt8(ascii: "]"), text, offset) { continue }
            default:
                guard let word = JSONGrammar.word(text, from: start) else { return .fault(JSONReader.wrong, start) }
                offset = word.end
                _ = keep(word.kind, name, start, offset, false, into: &nodes)
            }
            // What ends with the value, up to a comma.
            while true {
                skipSpace(text, &offset)
                if depth == 0 { return offset == text.byteCount ? .whole : .fault(JSONReader.wrong, offset) }
                guard offset < text.byteCount else { return .fault(JSONReader.early, offset) }
                let next = text.uint8(at: offset)
                offset &+= 1
                if next == UInt8(ascii: ",") { break }
                guard next == (isInObject ? UInt8(ascii: "}") : UInt8(ascii: "]")) else {
                    return .fault(JSONReader.wrong, offset - 1)
                }
                close(offset, &nodes)
            }
        }
    }

    // MARK: What may come

    @inline(__always)
    private var isInObject: Bool { objects & 1 == 1 }

    @inline(__always)
    private func isNext(_ byte: UInt8, _ text: RawSpan, _ offset: Int) -> Bool {
        offset < text.byteCount && text.uint8(at: offset) == byte
    }

    private func unexpected(_ text: RawSpan, _ offset: Int) -> Outcome {
        .fault(offset < text.byteCount ? JSONReader.wrong : JSONReader.early, offset)
    }

    @inline(__always)
    private mutating func skipSpace(_ text: RawSpan, _ offset: inout Int) {
        while offset < text.byteCount {
            let byte = text.uint8(at: offset)
            guard byte <= 0x20, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 else { return }
            if depth > 0 { style.insert(.spaced) }
            offset &+= 1
        }
    }

    // MARK: What is kept

    @inline(__always)
    private mutating func open(
        isObject: Bool, _ name: JSONDocument.MemberName, _ start: Int, _ nodes: inout MutableSpan<JSONDocument.Node>
    ) {
        if keep(isObject ? .object : .array, name, start, start &+ 1, false, into: &nodes) {
            let index = count &- 1
            nodes[index].next = Int32(truncatingIfNeeded: parent)
            parent = index
        } else {
            unkept &+= 1
        }
        if depth & 63 == 0, depth > 0 { outerObjects.append(objects) }
        objects = objects &<< 1 | (isObject ? 1 : 0)
        depth &+= 1
    }

    @inline(__always)
    private mutating func close(_ end: Int, _ nodes: inout MutableSpan<JSONDocument.Node>) {
        depth &-= 1
        objects &>>= 1
        if depth & 63 == 0, let outer = outerObjects.popLast() { objects = outer }
        if unkept > 0 {
            unkept &-= 1
        } else {
            let outer = Int(nodes[parent].next)
            nodes[parent].end = UInt32(truncatingIfNeeded: end)
            nodes[parent].next = Int32(truncatingIfNeeded: count)
            parent = outer
        }
    }

    /// Whether it is to be kept.
    @inline(__always)
    private mutating func keep(
        _ kind: JSONDocument.Kind, _ name: JSONDocument.MemberName, _ start: Int, _ end: Int, _ isEscaped: Bool,
        into nodes: inout MutableSpan<JSONDocument.Node>
    ) -> Bool {
        if unkept == 0, parent >= 0 { nodes[parent].count &+= 1 }
        guard depth < JSONDocument.keptDepth, count < JSONDocument.keptNodes else {
            style.insert(.involved)
            return false
        }
        nodes[count] = JSONDocument.Node(
            kind: kind, isEscaped: isEscaped, name: name, start: UInt32(truncatingIfNeeded: start),
            end: UInt32(truncatingIfNeeded: end), next: Int32(truncatingIfNeeded: count &+ 1))
        count &+= 1
        return true
    }
}
