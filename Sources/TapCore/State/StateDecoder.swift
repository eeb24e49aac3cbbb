/// Reads what ``StateEncoder`` of the same version wrote.
package struct StateDecoder: Decoder {
    private let input: Input

    package var codingPath: [any CodingKey] { [] }
    package var userInfo: [CodingUserInfoKey: Any] { [:] }

    final class Input {
        private let bytes: ArraySlice<UInt8>
        private var place: Int

        fileprivate init(_ bytes: ArraySlice<UInt8>) {
            self.bytes = bytes
            place = bytes.startIndex
        }

        fileprivate var isAtEnd: Bool { place == bytes.endIndex }

        func number() throws(StateError) -> UInt64 {
            var number: UInt64 = 0
            for shift in stride(from: UInt64(0), to: 64, by: 7) {
                guard place < bytes.endIndex else { throw StateError() }
                let byte = bytes[place]
                place += 1
                number |= UInt64(byte & 0x7F) << shift
                if byte < 0x80 { return number }
            }
            throw StateError()
        }

        func take(_ count: UInt64) throws(StateError) -> ArraySlice<UInt8> {
            guard count <= UInt64(bytes.endIndex - place) else { throw StateError() }
            defer { place += Int(count) }
            return bytes[place..<place + Int(count)]
        }

        /// How many elements follow, each of which takes a byte at least.
        func count() throws(StateError) -> Int {
            let count = try number()
            guard count <= UInt64(bytes.endIndex - place) else { throw StateError() }
            return Int(count)
        }

        func value<Value: Decodable>(_ type: Value.Type = Value.self) throws -> Value {
            guard let type = type as? any StateValue.Type else { return try Value(from: StateDecoder(input: self)) }
            guard let value = try type.init(from: self) as? Value else { throw StateError() }
            return value
        }
    }

    fileprivate init(input: Input) { self.input = input }

    package static func value<Value: Decodable>(_: Value.Type = Value.self, of bytes: ArraySlice<UInt8>) throws -> Value
    {
        let input = Input(bytes)
        let value = try input.value(Value.self)
        guard input.isAtEnd else { throw StateError() }
        return value
    }

    package func container<Key: CodingKey>(keyedBy: Key.Type) -> KeyedDecodingContainer<Key> {
        KeyedDecodingContainer(Members<Key>(input: input))
    }

    package func unkeyedContainer() -> any UnkeyedDecodingContainer { Elements(input: input) }

    package func singleValueContainer() -> any SingleValueDecodingContainer { Single(input: input) }
}

/// The bytes are not a state, or are one of another version.
package struct StateError: Error { package init() {} }

private struct Members<Key: CodingKey>: KeyedDecodingContainerProtocol {
    let input: StateDecoder.Input
    var codingPath: [any CodingKey] { [] }

    /// That of the case which follows: whoever wants to know all keys wants to know that.
    var allKeys: [Key] { ((try? String(from: input)).flatMap { Key(stringValue: $0) }).map { [$0] } ?? [] }

    func contains(_: Key) -> Bool { true }

    func decodeNil(forKey: Key) throws -> Bool { try input.number() == 0 }

    func decode<Value: Decodable>(_ type: Value.Type, forKey: Key) throws -> Value { try input.value(type) }

    func decodeIfPresent<Value: Decodable>(_: Value.Type, forKey: Key) throws -> Value? { try input.value() }

    func nestedContainer<Nested>(keyedBy: Nested.Type, forKey: Key) -> KeyedDecodingContainer<Nested> {
        KeyedDecodingContainer(Members<Nested>(input: input))
    }

    func nestedUnkeyedContainer(forKey: Key) -> any UnkeyedDecodingContainer { Elements(input: input) }

    func superDecoder() -> any Decoder { StateDecoder(input: input) }

    func superDecoder(forKey: Key) -> any Decoder { StateDecoder(input: input) }
}

private struct Elements: UnkeyedDecodingContainer {
    let input: StateDecoder.Input
    var codingPath: [any CodingKey] { [] }
    let count: Int? = nil
    let isAtEnd = false
    private(set) var currentIndex = 0

    init(input: StateDecoder.Input) { self.input = input }

    func decodeNil() throws -> Bool { try input.number() == 0 }

    mutating func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
        currentIndex += 1
        return try input.value(type)
    }

    func nestedContainer<Nested>(keyedBy: Nested.Type) -> KeyedDecodingContainer<Nested> {
        KeyedDecodingContainer(Members<Nested>(input: input))
    }

    func nestedUnkeyedContainer() -> any UnkeyedDecodingContainer { Elements(input: input) }

    func superDecoder() -> any Decoder { StateDecoder(input: input) }
}

private struct Single: SingleValueDecodingContainer {
    let input: StateDecoder.Input
    var codingPath: [any CodingKey] { [] }

    func decodeNil() -> Bool { (try? input.number()) == 0 }

    func decode<Value: Decodable>(_ type: Value.Type) throws -> Value { try input.value(type) }
}
