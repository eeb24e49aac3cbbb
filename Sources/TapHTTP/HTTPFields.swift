import TapCore

/// The header fields of one message, in the order in which they were sent. Names match in any case. RFC 9110 §5.
///
/// They stay the bytes that they came as, and become text only when they are asked for: of most messages that is nothing
/// but how long their bodies are.
public struct HTTPFields: Equatable, Sendable {
    /// Where the names and values lie, among other things.
    private var bytes: [UInt8]
    private var places: [Place] = []
    /// Which of the known fields there are.
    private var known: UInt16 = 0

    private struct Place {
        let name: Range<Int>
        var value: Range<Int>
        let known: HTTPFieldName?
    }

    public init(_ all: [HTTPField] = []) {
        bytes = all.flatMap { Array($0.name.utf8) + Array($0.value.utf8) }
        let head = bytes
        var start = 0
        for field in all {
            let middle = start + field.name.utf8.count
            let end = middle + field.value.utf8.count
            append(name: start..<middle, value: middle..<end, of: head.span.bytes)
            start = end
        }
    }

    /// No fields yet, of a head that is these bytes.
    package init(in bytes: [UInt8]) { self.bytes = bytes }

    public static func == (left: HTTPFields, right: HTTPFields) -> Bool { left.all == right.all }

    public var all: [HTTPField] { places.map { HTTPField(name: text($0.name), value: text($0.value)) } }

    /// What it costs to keep them, about: many short fields cost more than their bytes.
    var cost: Int {
        places.reduce(0) { $0 + $1.name.count + $1.value.count + HTTPFields.placeCost }
    }

    private static let placeCost = 64

    /// The values of each line of a field.
    public subscript(name: String) -> [String] {
        let name = name.utf8
        let wanted = name.span.bytes
        if let known = HTTPFieldName(wanted) { return self[known] }
        var values: [String] = []
        for place in places
        where place.known == nil && HTTPText.equalsIgnoringCase(bytes.span.bytes.extracting(place.name), wanted) {
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
        list(name).contains { HTTPText.equalsIgnoringCase($0, token) }
    }

    /// Notes a line, of which the name and the value lie at these places of the head.
    package mutating func append(name: Range<Int>, value: Range<Int>, of head: RawSpan) {
        let field = HTTPFieldName(head.extracting(name))
        if let field { known |= field.bit }
        if places.isEmpty { places.reserveCapacity(HTTPFields.usualCount) }
        places.append(Place(name: name, value: value, known: field))
    }

    private static let usualCount = 16

    /// The same fields, of which only the places are noted, of a head that is these bytes.
    func with(_ head: RawSpan) -> HTTPFields {
        var fields = self
        fields.bytes = [UInt8](head)
        return fields
    }

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
}

/// What following a connection asks for, without making text of it.
extension HTTPFields {
    /// Whether there is a line of a field.
    package func has(_ name: HTTPFieldName) -> Bool { known & name.bit != 0 }

    /// The values of each line of a field.
    package subscript(name: HTTPFieldName) -> [String] {
        guard has(name) else { return [] }
        var values: [String] = []
        for place in places where place.known == name { values.append(text(place.value)) }
        return values
    }

    /// The value of the first line of a field; `nil` if absent.
    package func first(_ name: HTTPFieldName) -> String? { firstPlace(of: name).map(text) }

    /// The same as it was sent.
    package func firstBytes(_ name: HTTPFieldName) -> ArraySlice<UInt8>? { firstPlace(of: name).map { bytes[$0] } }

    private func firstPlace(of name: HTTPFieldName) -> Range<Int>? {
        guard has(name) else { return nil }
        for place in places where place.known == name { return place.value }
        return nil
    }

    /// The value of the only line of a field as it was sent; `nil` where there are more, or none.
    package func onlyBytes(_ name: HTTPFieldName) -> ArraySlice<UInt8>? {
        var only: Range<Int>?
        for place in places where place.known == name {
            guard only == nil else { return nil }
            only = place.value
        }
        return only.map { bytes[$0] }
    }

    /// Whether there is one line of a field, and what it says.
    package func has(_ name: HTTPFieldName, only text: StaticString) -> Bool {
        guard let value = onlyBytes(name) else { return false }
        return HTTPText.isEqual(value.span.bytes, text)
    }

    /// Whether there is one line of a field, and it is one token, in any case.
    /// - Parameter token: in lower case.
    package func has(_ name: HTTPFieldName, onlyToken token: StaticString) -> Bool {
        guard let value = onlyBytes(name) else { return false }
        return HTTPText.equalsIgnoringCase(value.span.bytes, token)
    }

    /// The elements of a list, as ``list(_:)-(String)`` has them.
    package func list(_ name: HTTPFieldName) -> [String] {
        has(name) ? self[name].flatMap { HTTPText.split($0, at: ",") } : []
    }

    /// Whether a list contains a token, in any case.
    /// - Parameter token: in lower case.
    package func list(_ name: HTTPFieldName, contains token: StaticString) -> Bool {
        guard has(name) else { return false }
        let bytes = bytes.span.bytes
        for place in places where place.known == name {
            let value = bytes.extracting(place.value)
            // Most lists have one element.
            if HTTPText.equalsIgnoringCase(value, token) { return true }
            for part in HTTPText.parts(of: value, at: UInt8(ascii: ","))
            where HTTPText.equalsIgnoringCase(value.extracting(part), token) {
                return true
            }
        }
        return false
    }
}
