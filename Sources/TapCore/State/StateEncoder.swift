/// Writes values that are `Codable` in few bytes: members have no names, and stand in the order in which they are encoded. Only
/// ``StateDecoder`` of the same version reads them.
///
/// Foundation has encoders for others to read; to load it takes longer than a small capture.
package struct StateEncoder: Encoder {
    private let output: Output

    package var codingPath: [any CodingKey] { [] }
    package var userInfo: [CodingUserInfoKey: Any] { [:] }

    final class Output {
        var bytes: [UInt8] = []

        /// Seven bits a byte, the lowest first; the last byte has no eighth.
        func append(number: UInt64) {
            var rest = number
            while rest >= 0x80 {
                bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
                rest >>= 7
            }
            bytes.append(UInt8(truncatingIfNeeded: rest))
        }

        func append(_ value: some Encodable) throws {
            if let value = value as? any StateValue { return try value.write(to: self) }
            try value.encode(to: StateEncoder(output: self))
        }
    }

    fileprivate init(output: Output) { self.output = output }

    package static func bytes(of value: some Encodable) throws -> [UInt8] {
        let output = Output()
        try output.append(value)
        return output.bytes
    }

    package func container<Key: CodingKey>(keyedBy: Key.Type) -> KeyedEncodingContainer<Key> {
        KeyedEncodingContainer(Members<Key>(output: output))
    }

    package func unkeyedContainer() -> any UnkeyedEncodingContainer { Elements(output: output) }

    package func singleValueContainer() -> any SingleValueEncodingContainer { Single(output: output) }
}

/// The members of a value, or the one case of it that has any.
private struct Members<Key: CodingKey>: KeyedEncodingContainerProtocol {
    let output: StateEncoder.Output
    var codingPath: [any CodingKey] { [] }

    func encodeNil(forKey: Key) throws { try output.append(Bool?.none) }

    func encode(_ value: some Encodable, forKey: Key) throws { try output.append(value) }

    func encodeIfPresent(_ value: (some Encodable)?, forKey: Key) throws { try output.append(value) }

    // What the protocol has for these would leave them out.
    func encodeIfPresent(_ value: Bool?, forKey: Key) throws { try output.append(value) }
    func encodeIfPresent(_ value: String?, forKey: Key) throws { try output.append(value) }
    func encodeIfPresent(_ value: Double?, forKey: Key) throws { try output.append(value) }
    func encodeIfPresent(_ value: Int?, forKey: Key) throws { try output.append(value) }
    func encodeIfPresent(_ value: Int8?, forKey: Key) throws { try output.append(value) }
    func encodeIfPresent(_ value: Int16?, forKey: Key) throws { try output.append(value) }
    func encodeIfPresent(_ value: Int32?, forKey: Key) throws { try output.append(value) }
    func encodeIfPresent(_ value: Int64?, forKey: Key) throws { try output.append(value) }
    func encodeIfPresent(_ value: UInt?, forKey: Key) throws { try output.append(value) }
    func encodeIfPresent(_ value: UInt8?, forKey: Key) throws { try output.append(value) }
    func encodeIfPresent(_ value: UInt16?, forKey: Key) throws { try output.append(value) }
    func encodeIfPresent(_ value: UInt32?, forKey: Key) throws { try output.append(value) }
    func encodeIfPresent(_ value: UInt64?, forKey: Key) throws { try output.append(value) }

    /// What lies in a case: its name tells which one it is.
    func nestedContainer<Nested>(keyedBy: Nested.Type, forKey key: Key) -> KeyedEncodingContainer<Nested> {
        key.stringValue.write(to: output)
        return KeyedEncodingContainer(Members<Nested>(output: output))
    }

    func nestedUnkeyedContainer(forKey: Key) -> any UnkeyedEncodingContainer { Elements(output: output) }

    func superEncoder() -> any Encoder { StateEncoder(output: output) }

    func superEncoder(forKey: Key) -> any Encoder { StateEncoder(output: output) }
}

private struct Elements: UnkeyedEncodingContainer {
    let output: StateEncoder.Output
    var codingPath: [any CodingKey] { [] }
    private(set) var count = 0

    init(output: StateEncoder.Output) { self.output = output }

    mutating func encodeNil() throws { try encode(Bool?.none) }

    mutating func encode(_ value: some Encodable) throws {
        count += 1
        try output.append(value)
    }

    func nestedContainer<Nested>(keyedBy: Nested.Type) -> KeyedEncodingContainer<Nested> {
        KeyedEncodingContainer(Members<Nested>(output: output))
    }

    func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer { Elements(output: output) }

    func superEncoder() -> any Encoder { StateEncoder(output: output) }
}

private struct Single: SingleValueEncodingContainer {
    let output: StateEncoder.Output
    var codingPath: [any CodingKey] { [] }

    func encodeNil() throws { try output.append(Bool?.none) }

    func encode(_ value: some Encodable) throws { try output.append(value) }
}
