import TapBytes

/// The header fields of one message, in the order in which they were sent. Names match in any case. RFC 9110 §5.
///
/// They stay the bytes that they came as, and become text only when they are asked for: of most messages that is nothing
/// but how long their bodies are.
public struct HTTPFields: Equatable, Sendable {
    /// Where the names and values lie, among other things.
    private var bytes: [UInt8]
    private var places: [Place] = []

    private struct Place {
        let name: Range<Int>
        var value: Range<Int>
        let hash: Int
    }

    public init(_ all: [HTTPField] = []) {
        bytes = []
        for field in all {
            let start = bytes.count
            bytes += field.name.utf8
            let middle = bytes.count
            bytes += field.value.utf8
            append(name: start..<middle, value: middle..<bytes.count)
        }
    }

    /// No fields yet, of a head that is these bytes.
    init(in bytes: [UInt8]) { self.bytes = bytes }

    public static func == (left: HTTPFields, right: HTTPFields) -> Bool { left.all == right.all }

    public var all: [HTTPField] { places.map { HTTPField(name: text($0.name), value: text($0.value)) } }

    /// What it costs to keep them, about: many short fields cost more than their bytes.
    var cost: Int {
        places.reduce(0) { $0 + $1.name.count + $1.value.count + HTTPFields.placeCost }
    }

    private static let placeCost = 64

    /// Whether there is a line of a field; most that are asked for are not there.
    public func has(_ name: String) -> Bool {
        let hash = HTTPFields.hash(name.utf8.span.bytes)
        return places.contains { $0.hash == hash && isName(name, at: $0.name) }
    }

    /// The values of each line of a field.
    public subscript(name: String) -> [String] {
        let hash = HTTPFields.hash(name.utf8.span.bytes)
        var values: [String] = []
        for place in places where place.hash == hash && isName(name, at: place.name) {
            values.append(text(place.value))
        }
        return values
    }

    /// The elements of a comma-separated list that may be spread over several lines. RFC 9110 §5.6.1.
    /// Commas inside quoted strings do not separate; empty elements are left out.
    public func list(_ name: String) -> [String] {
        self[name].flatMap { HTTPText.split($0, at: ",") }
    }

    /// Whether a list contains a token, in any case.
    public func list(_ name: String, contains token: String) -> Bool {
        self[name].contains { value in
            // Most lists have one element.
            HTTPText.equalsIgnoringCase(value, token)
                || HTTPText.split(value, at: ",").contains { HTTPText.equalsIgnoringCase($0, token) }
        }
    }

    mutating func append(name: Range<Int>, value: Range<Int>) {
        let hash = HTTPFields.hash(bytes.span.bytes.extracting(name))
        if places.isEmpty { places.reserveCapacity(HTTPFields.usualCount) }
        places.append(Place(name: name, value: value, hash: hash))
    }

    private static let usualCount = 16

    /// Adds what stands in a further line to the last value, if there is one.
    mutating func continueLast(with more: Range<Int>) {
        guard let last = places.indices.last, !more.isEmpty else { return }
        let value = places[last].value
        guard !value.isEmpty else {
            places[last].value = more
            return
        }
        var start = value.lowerBound
        // Only the first time: a value of many lines would otherwise be copied for each of them.
        if value.upperBound != bytes.count {
            start = bytes.count
            bytes += bytes[value]
        }
        bytes.append(0x20)
        bytes += bytes[more]
        places[last].value = start..<bytes.count
    }

    private func text(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }

    private func isName(_ name: String, at range: Range<Int>) -> Bool {
        let utf8 = name.utf8
        let (one, other) = (utf8.span.bytes, bytes.span.bytes.extracting(range))
        guard one.byteCount == other.byteCount else { return false }
        for index in 0..<one.byteCount
        where HTTPText.lowered(one.uint8(at: index)) != HTTPText.lowered(other.uint8(at: index)) {
            return false
        }
        return true
    }

    /// Length, first and last letter: enough to tell nearly all fields apart, and a collision costs a comparison, no more.
    private static func hash(_ name: RawSpan) -> Int {
        let count = name.byteCount
        guard count > 0 else { return 0 }
        let (first, last) = (HTTPText.lowered(name.uint8(at: 0)), HTTPText.lowered(name.uint8(at: count - 1)))
        return count << 16 | Int(first) << 8 | Int(last)
    }
}
