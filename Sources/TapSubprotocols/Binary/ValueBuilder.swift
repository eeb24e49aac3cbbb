/// Puts values together from their pieces, within limits and without recursion.
package struct ValueBuilder {
    /// A piece, as formats have them.
    package enum Piece {
        case value(StructuredValue)
        /// Elements follow, so many or up to ``end``.
        case array(UInt64?)
        /// Pairs follow.
        case map(UInt64?)
        /// One value follows.
        case tag(String)
        /// Strings follow that are one, up to ``end``.
        case chunks
        case end
    }

    package struct Fault: Error, Equatable {
        let reason: String
    }

    /// Values nested deeper are not read.
    package static let deepest = 64
    /// Values with more in them are not read.
    package static let mostValues = 65_536

    private struct Level {
        enum Kind {
            case array, map, tag(String), chunks
        }

        let kind: Kind
        /// Values that are still to come; `nil` where ``Piece/end`` tells.
        var remaining: UInt64?
        var values: [StructuredValue] = []
    }

    private var levels: [Level] = []
    private var count = 0

    /// Reads the value at the scanner's index, piece by piece. Throws if a piece is missing or not whole.
    static func read(
        _ scanner: inout ByteScanner, of format: String, _ piece: (inout ByteScanner) -> Piece?
    ) throws(Fault) -> StructuredValue {
        var builder = ValueBuilder()
        while true {
            guard let piece = piece(&scanner) else { throw Fault(reason: "no \(format)") }
            if let value = try builder.take(piece) { return value }
        }
    }

    /// Takes the next piece, and returns the whole value once it is complete.
    package mutating func take(_ piece: Piece) throws(Fault) -> StructuredValue? {
        count += 1
        guard count <= ValueBuilder.mostValues else {
            throw Fault(reason: "more than \(ValueBuilder.mostValues) values")
        }
        switch piece {
        case .value(let value): return try add(value)
        case .array(let number): return try open(.array, number)
        case .map(let number):
            guard let number else { return try open(.map, nil) }
            let (doubled, overflow) = number.multipliedReportingOverflow(by: 2)
            if overflow { throw Fault(reason: "a map that is too long") }
            return try open(.map, doubled)
        case .tag(let tag): return try open(.tag(tag), 1)
        case .chunks: return try open(.chunks, nil)
        case .end:
            guard let level = levels.last, level.remaining == nil else { throw Fault(reason: "an end of nothing") }
            return try close()
        }
    }

    private mutating func open(_ kind: Level.Kind, _ number: UInt64?) throws(Fault) -> StructuredValue? {
        guard levels.count < ValueBuilder.deepest else {
            throw Fault(reason: "nested in more than \(ValueBuilder.deepest) levels")
        }
        levels.append(Level(kind: kind, remaining: number))
        return number == 0 ? try close() : nil
    }

    private mutating func add(_ value: StructuredValue) throws(Fault) -> StructuredValue? {
        guard let last = levels.indices.last else { return value }
        levels[last].values.append(value)
        guard let remaining = levels[last].remaining else { return nil }
        levels[last].remaining = remaining &- 1
        return remaining == 1 ? try close() : nil
    }

    private mutating func close() throws(Fault) -> StructuredValue? {
        // As deep as levels are, which are few.
        guard let level = levels.popLast() else { return nil }
        let values = level.values
        switch level.kind {
        case .array: return try add(.array(values))
        case .tag(let tag): return try add(.tagged(tag, values.first ?? .null))
        case .chunks: return try add(ValueBuilder.joined(values))
        case .map:
            guard values.count % 2 == 0 else { throw Fault(reason: "a map with a key that has no value") }
            return try add(
                .map(
                    stride(from: 0, to: values.count, by: 2).map {
                        StructuredValue.Pair(key: values[$0], value: values[$0 + 1])
                    }))
        }
    }

    private static func joined(_ values: [StructuredValue]) throws(Fault) -> StructuredValue {
        var (text, bytes): (String, [UInt8]) = ("", [])
        var (isText, isBytes) = (false, false)
        for value in values {
            switch value {
            case .string(let chunk): (text, isText) = (text + chunk, true)
            case .bytes(let chunk): (bytes, isBytes) = (bytes + chunk, true)
            default: throw Fault(reason: "a chunk that is no string")
            }
        }
        if isText, isBytes { throw Fault(reason: "chunks of text and bytes in one string") }
        return isText ? .string(text) : .bytes(bytes)
    }
}
