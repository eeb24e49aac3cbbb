/// Reads values of AMQP 1.0, Part 1 (Types), within the limits of ``ValueBuilder``.
enum AMQPValues {
    /// Reads the value at the scanner's offset. Throws if it is absent or incomplete.
    static func read(_ scanner: inout ByteScanner) throws(ValueBuilder.Fault) -> StructuredValue {
        try ValueBuilder.read(&scanner, of: "value of AMQP", piece)
    }

    private static func piece(_ scanner: inout ByteScanner) -> ValueBuilder.Piece? {
        guard let code = scanner.byte() else { return nil }
        switch code {
        case 0x00: return descriptor(&scanner).map { .tag($0) }
        case 0x45: return .array(0)
        case 0xC0, 0xD0: return count(code & 0x10 != 0, &scanner).map { .array($0) }
        case 0xC1, 0xD1:
            guard let count = count(code & 0x10 != 0, &scanner), count % 2 == 0 else { return nil }
            return .map(count / 2)
        case 0xE0, 0xF0: return array(code == 0xF0, &scanner).map { .value($0) }
        default: return primitive(code, &scanner).map { .value($0) }
        }
    }

    /// What a described value is: a number, or a symbol.
    private static func descriptor(_ scanner: inout ByteScanner) -> String? {
        scanner.byte().flatMap { primitive($0, &scanner) }?.plain
    }

    /// The size, which must fit, and the number of elements.
    private static func count(_ isWide: Bool, _ scanner: inout ByteScanner) -> UInt64? {
        let width = isWide ? 4 : 1
        guard let size = length(isWide, &scanner), size >= width, size <= scanner.remaining else { return nil }
        return length(isWide, &scanner).map { UInt64($0) }
    }

    private static func length(_ isWide: Bool, _ scanner: inout ByteScanner) -> Int? {
        isWide ? scanner.number(UInt32.self).map { Int($0) } : scanner.number(UInt8.self).map { Int($0) }
    }

    /// Elements of one kind; those that hold others are stepped over.
    private static func array(_ isWide: Bool, _ scanner: inout ByteScanner) -> StructuredValue? {
        guard let size = length(isWide, &scanner), let bytes = scanner.take(size) else { return nil }
        var rest = ByteScanner(bytes)
        guard let count = length(isWide, &rest), let code = rest.byte() else { return nil }
        var values: [StructuredValue] = []
        for _ in 0..<min(count, bytes.count) {
            guard let value = primitive(code, &rest) else { return .bytes(Array(bytes)) }
            values.append(value)
        }
        return .array(values)
    }

    private static func primitive(_ code: UInt8, _ scanner: inout ByteScanner) -> StructuredValue? {
        switch code {
        case 0x40: return .null
        case 0x41, 0x42: return .boolean(code == 0x41)
        case 0x56: return scanner.byte().map { .boolean($0 == 1) }
        case 0x43, 0x44: return .integer(0)
        case 0x50, 0x52, 0x53: return scanner.byte().map { .integer(Int64($0)) }
        case 0x51, 0x54, 0x55: return scanner.number(Int8.self).map { .integer(Int64($0)) }
        case 0x60: return scanner.number(UInt16.self).map { .integer(Int64($0)) }
        case 0x61: return scanner.number(Int16.self).map { .integer(Int64($0)) }
        case 0x70, 0x73: return scanner.number(UInt32.self).map { .integer(Int64($0)) }
        case 0x71: return scanner.number(Int32.self).map { .integer(Int64($0)) }
        case 0x72: return scanner.number(UInt32.self).map { .double(Double(Float(bitPattern: $0))) }
        case 0x80: return scanner.number(UInt64.self).map { StructuredValue($0) }
        case 0x81, 0x83: return scanner.number(Int64.self).map { .integer($0) }
        case 0x82: return scanner.number(UInt64.self).map { .double(Double(bitPattern: $0)) }
        case 0x74: return scanner.take(4).map { .bytes(Array($0)) }
        case 0x84: return scanner.take(8).map { .bytes(Array($0)) }
        case 0x94, 0x98: return scanner.take(16).map { .bytes(Array($0)) }
        case 0xA0, 0xB0: return length(code == 0xB0, &scanner).flatMap { scanner.take($0) }.map { .bytes(Array($0)) }
        case 0xA1, 0xA3, 0xB1, 0xB3:
            return length(code & 0x10 != 0, &scanner).flatMap { scanner.take($0) }
                .flatMap { String(validating: $0, as: UTF8.self) }.map { .string($0) }
        default: return nil
        }
    }
}
