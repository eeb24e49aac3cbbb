import TapCore

/// Reads one value in one pass over its bytes, with no memory but for the values that are kept.
struct JSONReader {
    enum Outcome {
        case whole
        /// What is wrong, and where.
        case fault(String, Int)
    }

    private enum Expected {
        case value, valueOrEnd, name, nameOrEnd, colon, commaOrEnd, nothing
    }

    private var nodes: [JSONDocument.Node] = []
    private(set) var style: JSONDocument.Style = []
    /// The index of the text's first byte, from which what is kept is counted.
    private let start: Int
    private var expected = Expected.value
    private var name: Range<Int>?
    private var isNameEscaped = false
    private var nameStart = JSONName.Start()
    /// A bit for each open level: whether it is an object.
    private var objects = InlineArray<16, UInt64>(repeating: 0)
    private var depth = 0
    /// The innermost open node that is kept; while a node is open, its ``JSONDocument/Node/next`` is the one around it.
    private var parent = -1
    /// Levels inside that one, which are not kept.
    private var unkept = 0

    init(start: Int) { self.start = start }

    /// Takes the array that nodes are kept in, or gives it back.
    mutating func use(_ nodes: inout [JSONDocument.Node]) { swap(&self.nodes, &nodes) }

    mutating func read(_ text: RawSpan) -> Outcome {
        nodes.removeAll(keepingCapacity: true)
        var offset = 0
        while offset < text.byteCount {
            let byte = text.uint8(at: offset)
            let end: Int
            switch byte {
            case UInt8(ascii: "\""):
                guard isValueExpected || isNameExpected else { return .fault("no JSON", offset) }
                var isEscaped = false
                end = JSONGrammar.string(text, from: offset, &isEscaped)
                guard end > 0 else { return .fault("no string", -end) }
                if isNameExpected {
                    take(name: offset..<end, isEscaped, JSONName.Start(text, offset &+ 1, end &- 1))
                } else {
                    add(.string, offset..<end, isEscaped: isEscaped)
                }
            case UInt8(ascii: ","):
                guard expected == .commaOrEnd else { return .fault("no JSON", offset) }
                expected = isInObject ? .name : .value
                end = offset &+ 1
            case UInt8(ascii: ":"):
                guard expected == .colon else { return .fault("no JSON", offset) }
                expected = .value
                end = offset &+ 1
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                guard isValueExpected else { return .fault("no JSON", offset) }
                guard depth < JSONDocument.deepest else {
                    return .fault("nested in more than \(JSONDocument.deepest) levels", offset)
                }
                open(isObject: byte == UInt8(ascii: "{"), offset)
                end = offset &+ 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                guard isEndExpected, depth > 0, isInObject == (byte == UInt8(ascii: "}")) else {
                    return .fault("no JSON", offset)
                }
                end = offset &+ 1
                close(end)
            case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
                guard isValueExpected else { return .fault("no JSON", offset) }
                guard let number = JSONGrammar.number(text, from: offset) else { return .fault("no number", offset) }
                end = number.end
                add(.number, offset..<end)
                if !number.isShort { style.insert(.involved) }
            case 0x20, 0x09, 0x0A, 0x0D:
                if depth > 0 { style.insert(.spaced) }
                offset &+= 1
                continue
            default:
                guard isValueExpected, let word = JSONGrammar.word(text, from: offset) else {
                    return .fault("no JSON", offset)
                }
                end = word.end
                add(word.kind, offset..<end)
            }
            offset = end
        }
        return expected == .nothing ? .whole : .fault("the text ends too early", text.byteCount)
    }

    // MARK: What may come

    private var isValueExpected: Bool { expected == .value || expected == .valueOrEnd }
    private var isNameExpected: Bool { expected == .name || expected == .nameOrEnd }
    private var isEndExpected: Bool { expected == .commaOrEnd || expected == .valueOrEnd || expected == .nameOrEnd }

    private var isInObject: Bool { depth > 0 && objects[(depth - 1) &>> 6] &>> UInt64((depth - 1) & 63) & 1 == 1 }

    // MARK: What is kept

    private mutating func take(name range: Range<Int>, _ isEscaped: Bool, _ letters: JSONName.Start) {
        name = (start + range.lowerBound)..<(start + range.upperBound)
        nameStart = letters
        isNameEscaped = isEscaped
        if isEscaped { style.insert(.involved) }
        expected = .colon
    }

    private mutating func add(_ kind: JSONDocument.Kind, _ range: Range<Int>, isEscaped: Bool = false) {
        if isEscaped { style.insert(.involved) }
        _ = keep(kind, range, isEscaped)
        expected = depth == 0 ? .nothing : .commaOrEnd
    }

    private mutating func open(isObject: Bool, _ offset: Int) {
        if keep(isObject ? .object : .array, offset..<(offset + 1), false) {
            nodes[nodes.count - 1].next = parent
            parent = nodes.count - 1
        } else {
            unkept += 1
        }
        let bit = 1 as UInt64 &<< UInt64(depth & 63)
        if isObject { objects[depth &>> 6] |= bit } else { objects[depth &>> 6] &= ~bit }
        depth += 1
        expected = isObject ? .nameOrEnd : .valueOrEnd
    }

    private mutating func close(_ end: Int) {
        depth -= 1
        if unkept > 0 {
            unkept -= 1
        } else {
            let outer = nodes[parent].next
            nodes[parent].range = nodes[parent].range.lowerBound..<(start + end)
            nodes[parent].next = nodes.count
            parent = outer
        }
        expected = depth == 0 ? .nothing : .commaOrEnd
    }

    /// Whether there is room for it.
    private mutating func keep(_ kind: JSONDocument.Kind, _ range: Range<Int>, _ isEscaped: Bool) -> Bool {
        defer { name = nil }
        if unkept == 0, parent >= 0 { nodes[parent].count += 1 }
        guard depth < JSONDocument.keptDepth, nodes.count < JSONDocument.keptNodes else {
            style.insert(.involved)
            return false
        }
        nodes.append(
            JSONDocument.Node(
                kind: kind, isEscaped: isEscaped, isNameEscaped: name != nil && isNameEscaped,
                nameStart: nameStart, name: name,
                range: (start + range.lowerBound)..<(start + range.upperBound), next: nodes.count + 1))
        return true
    }
}
