/// What a state is made of in the end.
protocol StateValue {
    init(from input: StateDecoder.Input) throws
    func write(to output: StateEncoder.Output) throws
}

extension StateValue where Self: FixedWidthInteger & UnsignedInteger {
    init(from input: StateDecoder.Input) throws {
        guard let value = Self(exactly: try input.number()) else { throw StateError() }
        self = value
    }

    func write(to output: StateEncoder.Output) { output.append(number: UInt64(self)) }
}

/// Small numbers take few bytes on either side of zero.
extension StateValue where Self: FixedWidthInteger & SignedInteger {
    init(from input: StateDecoder.Input) throws {
        let number = try input.number()
        guard let value = Self(exactly: Int64(bitPattern: number >> 1 ^ (0 &- number & 1))) else { throw StateError() }
        self = value
    }

    func write(to output: StateEncoder.Output) {
        let value = Int64(self)
        output.append(number: UInt64(bitPattern: value << 1 ^ value >> 63))
    }
}

extension UInt8: StateValue {}
extension UInt16: StateValue {}
extension UInt32: StateValue {}
extension UInt64: StateValue {}
extension UInt: StateValue {}
extension Int8: StateValue {}
extension Int16: StateValue {}
extension Int32: StateValue {}
extension Int64: StateValue {}
extension Int: StateValue {}

extension Bool: StateValue {
    init(from input: StateDecoder.Input) throws { self = try input.number() != 0 }

    func write(to output: StateEncoder.Output) { output.append(number: self ? 1 : 0) }
}

extension Double: StateValue {
    init(from input: StateDecoder.Input) throws { self.init(bitPattern: try input.number()) }

    func write(to output: StateEncoder.Output) { output.append(number: bitPattern) }
}

extension String: StateValue {
    init(from input: StateDecoder.Input) throws {
        self.init(decoding: try input.take(try input.number()), as: UTF8.self)
    }

    func write(to output: StateEncoder.Output) {
        output.append(number: UInt64(utf8.count))
        output.bytes += utf8
    }
}

extension Optional: StateValue where Wrapped: Codable {
    init(from input: StateDecoder.Input) throws {
        self = try input.number() == 0 ? nil : try input.value(Wrapped.self)
    }

    func write(to output: StateEncoder.Output) throws {
        output.append(number: self == nil ? 0 : 1)
        if let self { try output.append(self) }
    }
}

extension Array: StateValue where Element: Codable {
    init(from input: StateDecoder.Input) throws {
        self = []
        for _ in 0..<(try input.count()) { append(try input.value()) }
    }

    func write(to output: StateEncoder.Output) throws {
        output.append(number: UInt64(count))
        for element in self { try output.append(element) }
    }
}

/// In the order of the bytes of its keys, so that equal ones are the same bytes.
extension Dictionary: StateValue where Key: Codable, Value: Codable {
    init(from input: StateDecoder.Input) throws {
        self = [:]
        for _ in 0..<(try input.count()) {
            let key: Key = try input.value()
            guard updateValue(try input.value(), forKey: key) == nil else { throw StateError() }
        }
    }

    func write(to output: StateEncoder.Output) throws {
        output.append(number: UInt64(count))
        let members = try map { (key: try StateEncoder.bytes(of: $0.key), value: $0.value) }
        for (key, value) in members.sorted(by: { $0.key.lexicographicallyPrecedes($1.key) }) {
            output.bytes += key
            try output.append(value)
        }
    }
}
