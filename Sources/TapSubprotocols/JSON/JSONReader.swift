import TapCore

/// Reads one value in one pass over its bytes, with no memory but for the values that are kept.
struct JSONReader {
    enum Outcome {
        case whole
        /// What is wrong, and where.
        case fault(String, Int)
    }

    private enum Expected: UInt8 {
        case value, valueOrEnd, name, nameOrEnd, colon, commaOrEnd, nothing
    }

    private var nodes: [JSONDocument.Node] = []
    private(set) var style: JSONDocument.Style = []
    private var expected = Expected.value
    private var name = JSONDocument.MemberName()
    /// A bit for each of the innermost 64 levels, the innermost the lowest: whether it is an object; those further out after
    /// them.
    private var objects: UInt64 = 0
    private var outerObjects: [UInt64] = []
    private var depth = 0
    /// The innermost open node that is kept; while a node is open, its ``JSONDocument/Node/next`` is the one around it.
    private var parent = -1
    /// Levels inside that one, which are not kept.
    private var unkept = 0

    /// Takes the array that nodes are kept in, or gives it back.
    mutating func use(_ nodes: inout [JSONDocument.Node]) { swap(&self.nodes, &nodes) }

    // Where it is called, so that what it remembers lies in processor registers, as far as they go.
    @inline(__always)
    mutating func read(_ text: RawSpan) -> Outcome {
        nodes.removeAll(keepingCapacity: true)
        guard text.byteCount <= Int(UInt32.max) else { return .fault("too long", 0) }
        var offset = 0
        while offset < text.byteCount {
            let byte = text.uint8(at: offset)
            let start = offset
            switch byte {
            case UInt8(ascii: "\""):
                guard isValueExpected || isNameExpected else { return .fault("no JSON", start) }
                var isEscaped = false
                offset = JSONGrammar.string(text, from: start, &isEscaped)
                guard offset > 0 else { return .fault("no string", -offset) }
                if isEscaped { style.insert(.involved) }
                if isNameExpected {
                    name = JSONDocument.MemberName(text, start, offset, isEscaped)
                    // Mostly without space between them.
                    let isColonNext = offset < text.byteCount && text.uint8(at: offset) == UInt8(ascii: ":")
                    if isColonNext { offset &+= 1 }
                    expected = isColonNext ? .value : .colon
                } else {
                    add(.string, start, offset, isEscaped)
                }
            case UInt8(ascii: ","):
                guard expected == .commaOrEnd else { return .fault("no JSON", start) }
                expected = isInObject ? .name : .value
                offset &+= 1
            case UInt8(ascii: ":"):
                guard expected == .colon else { return .fault("no JSON", start) }
                expected = .value
                offset &+= 1
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                guard isValueExpected else { return .fault("no JSON", start) }
                guard depth < JSONDocument.deepest else {
                    return .fault("nested in more than \(JSONDocument.deepest) levels", start)
                }
                open(isObject: byte == UInt8(ascii: "{"), start)
                offset &+= 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                guard isEndExpected, depth > 0, isInObject == (byte == UInt8(ascii: "}")) else {
                    return .fault("no JSON", start)
                }
                offset &+= 1
                close(offset)
            case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
                guard isValueExpected else { return .fault("no JSON", start) }
                guard let number = JSONGrammar.number(text, from: start) else { return .fault("no number", start) }
                offset = number.end
                if !number.isShort { style.insert(.involved) }
                add(.number, start, offset, false)
            case 0x20, 0x09, 0x0A, 0x0D:
                if depth > 0 { style.insert(.spaced) }
                offset &+= 1
            default:
                guard isValueExpected, let word = JSONGrammar.word(text, from: start) else {
                    return .fault("no JSON", start)
                }
                offset = word.end
                add(word.kind, start, offset, false)
            }
        }
        return expected == .nothing ? .whole : .fault("the text ends too early", text.byteCount)
    }

    // MARK: What may come

    @inline(__always)
    private var isValueExpected: Bool { expected.rawValue <= Expected.valueOrEnd.rawValue }
    @inline(__always)
    private var isNameExpected: Bool { expected == .name || expected == .nameOrEnd }
    @inline(__always)
    private var isEndExpected: Bool { expected == .commaOrEnd || expected == .valueOrEnd || expected == .nameOrEnd }
    @inline(__always)
    private var isInObject: Bool { objects & 1 == 1 }

    // MARK: What is kept

    @inline(__always)
    private mutating func add(_ kind: JSONDocument.Kind, _ start: Int, _ end: Int, _ isEscaped: Bool) {
        _ = keep(kind, start, end, isEscaped)
        expected = depth == 0 ? .nothing : .commaOrEnd
    }

    @inline(__always)
    private mutating func open(isObject: Bool, _ start: Int) {
        if keep(isObject ? .object : .array, start, start &+ 1, false) {
            let index = nodes.count &- 1
            nodes[index].next = Int32(truncatingIfNeeded: parent)
            parent = index
        } else {
            unkept &+= 1
        }
        if depth & 63 == 0, depth > 0 { outerObjects.append(objects) }
        objects = objects &<< 1 | (isObject ? 1 : 0)
        depth &+= 1
        expected = isObject ? .nameOrEnd : .valueOrEnd
    }

    @inline(__always)
    private mutating func close(_ end: Int) {
        depth &-= 1
        objects &>>= 1
        if depth & 63 == 0, let outer = outerObjects.popLast() { objects = outer }
        if unkept > 0 {
            unkept &-= 1
        } else {
            let outer = Int(nodes[parent].next)
            nodes[parent].end = UInt32(truncatingIfNeeded: end)
            nodes[parent].next = Int32(truncatingIfNeeded: nodes.count)
            parent = outer
        }
        expected = depth == 0 ? .nothing : .commaOrEnd
    }

    /// Whether there is room for it.
    @inline(__always)
    private mutating func keep(_ kind: JSONDocument.Kind, _ start: Int, _ end: Int, _ isEscaped: Bool) -> Bool {
        if unkept == 0, parent >= 0 { nodes[parent].count &+= 1 }
        guard depth < JSONDocument.keptDepth, nodes.count < JSONDocument.keptNodes else {
            style.insert(.involved)
            return false
        }
        nodes.append(
            JSONDocument.Node(
                kind: kind, isEscaped: isEscaped, name: isInObject ? name : JSONDocument.MemberName(),
                start: UInt32(truncatingIfNeeded: start), end: UInt32(truncatingIfNeeded: end),
                next: Int32(truncatingIfNeeded: nodes.count &+ 1)))
        return true
    }
}
