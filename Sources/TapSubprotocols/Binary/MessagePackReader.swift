/// Reads MessagePack (https://github.com/msgpack/msgpack/blob/master/spec.md).
///
/// msgpack-c makes room for as many elements as a length claims before it has seen one of them: a few bytes may demand
/// gigabytes. Here nothing is allocated for what is not there.
package enum MessagePackReader {
    /// Reads the value at the scanner's offset. Throws if it is absent or incomplete.
    package static func read(_ scanner: inout ByteScanner) throws(ValueBuilder.Fault) -> StructuredValue {
        try ValueBuilder.read(&scanner, of: "MessagePack", piece)
    }

    /// Reads the next piece; `nil` if it is absent or incomplete.
    package static func piece(_ scanner: inout ByteScanner) -> ValueBuilder.Piece? {
        guard let format = scanner.byte() else { return nil }
        switch format {
        case 0x00...0x7F: return .value(.integer(Int64(format)))
        case 0x80...0x8F: return .map(UInt64(format & 0x0F))
        case 0x90...0x9F: return .array(UInt64(format & 0x0F))
        case 0xA0...0xBF: return string(scanner.take(Int(format & 0x1F)))
        case 0xC0: return .value(.null)
        case 0xC2, 0xC3: return .value(.boolean(format == 0xC3))
        case 0xC4, 0xC5, 0xC6: return length(1 << (format - 0xC4), &scanner).flatMap { bytes(scanner.take($0)) }
        case 0xC7, 0xC8, 0xC9: return length(1 << (format - 0xC7), &scanner).flatMap { ext($0, &scanner) }
        case 0xCA: return scanner.number(UInt32.self).map { .value(.double(Double(Float(bitPattern: $0)))) }
        case 0xCB: return scanner.number(UInt64.self).map { .value(.double(Double(bitPattern: $0))) }
        case 0xCC: return scanner.number(UInt8.self).map { .value(.integer(Int64($0))) }
        case 0xCD: return scanner.number(UInt16.self).map { .value(.integer(Int64($0))) }
        case 0xCE: return scanner.number(UInt32.self).map { .value(.integer(Int64($0))) }
        case 0xCF: return scanner.number(UInt64.self).map { .value(StructuredValue($0)) }
        case 0xD0: return scanner.number(Int8.self).map { .value(.integer(Int64($0))) }
        case 0xD1: return scanner.number(Int16.self).map { .value(.integer(Int64($0))) }
        case 0xD2: return scanner.number(Int32.self).map { .value(.integer(Int64($0))) }
        case 0xD3: return scanner.number(Int64.self).map { .value(.integer($0)) }
        case 0xD4...0xD8: return ext(1 << (format - 0xD4), &scanner)
        case 0xD9, 0xDA, 0xDB: return length(1 << (format - 0xD9), &scanner).flatMap { string(scanner.take($0)) }
        case 0xDC: return scanner.number(UInt16.self).map { .array(UInt64($0)) }
        case 0xDD: return scanner.number(UInt32.self).map { .array(UInt64($0)) }
        case 0xDE: return scanner.number(UInt16.self).map { .map(UInt64($0)) }
        case 0xDF: return scanner.number(UInt32.self).map { .map(UInt64($0)) }
        case 0xE0...0xFF: return .value(.integer(Int64(Int8(bitPattern: format))))
        default: return nil
        }
    }

    private static func length(_ width: Int, _ scanner: inout ByteScanner) -> Int? {
        switch width {
        case 1: scanner.number(UInt8.self).map { Int($0) }
        case 2: scanner.number(UInt16.self).map { Int($0) }
        default: scanner.number(UInt32.self).map { Int($0) }
        }
    }

    private static func string(_ bytes: ArraySlice<UInt8>?) -> ValueBuilder.Piece? {
        bytes.flatMap { String(validating: $0, as: UTF8.self) }.map { .value(.string($0)) }
    }

    private static func bytes(_ bytes: ArraySlice<UInt8>?) -> ValueBuilder.Piece? {
        bytes.map { .value(.bytes(Array($0))) }
    }

    private static func ext(_ length: Int, _ scanner: inout ByteScanner) -> ValueBuilder.Piece? {
        guard let type = scanner.number(Int8.self), let data = scanner.take(length) else { return nil }
        return .value(.tagged("ext \(type)", .bytes(Array(data))))
    }
}
