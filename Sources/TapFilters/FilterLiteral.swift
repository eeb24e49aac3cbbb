import TapCore

/// A value that stands in a filter.
public enum FilterLiteral: Equatable, Sendable {
    case number(UInt64)
    case boolean(Bool)
    /// In nanoseconds.
    case seconds(Int64)
    /// A number in JSON.
    case decimal(Double)
    case text([UInt8])
    case bytes([UInt8])
    /// All addresses that begin with the same bits.
    case network(NetworkPrefix)
    case name(String)
}

extension FilterLiteral: CustomStringConvertible {
    /// As it is written in a filter.
    public var description: String {
        switch self {
        case .number(let number): "\(number)"
        case .boolean(let boolean): "\(boolean)"
        case .seconds(let nanoseconds): FilterLiteral.seconds(nanoseconds)
        case .decimal(let number): "\(number)"
        case .text(let text): FilterLiteral.quoted(text)
        case .bytes(let bytes): FilterLiteral.hexadecimal(bytes)
        case .network(let prefix): prefix.description
        case .name(let name): name
        }
    }

    private static func seconds(_ nanoseconds: Int64) -> String {
        let (whole, fraction) = nanoseconds.magnitude.quotientAndRemainder(dividingBy: 1_000_000_000)
        let digits = String(fraction)
        let decimals = String(repeating: "0", count: 9 - digits.count) + digits
        return (nanoseconds < 0 ? "-" : "") + "\(whole).\(decimals)"
    }

    /// Fewer than two bytes would look like a number, none like nothing.
    private static func hexadecimal(_ bytes: [UInt8]) -> String {
        guard bytes.count > 1 else { return quoted(bytes) }
        return bytes.map { Hex.string(CollectionOfOne($0)) }.joined(separator: ":")
    }

    /// In double quotes; what is not UTF-8, and all controls, as escapes.
    static func quoted(_ text: [UInt8]) -> String {
        let isText = String(validating: text, as: UTF8.self) != nil
        var output: [UInt8] = [UInt8(ascii: "\"")]
        for byte in text {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"): output += [UInt8(ascii: "\\"), byte]
            case 0x20..<0x7F: output.append(byte)
            case 0x80... where isText: output.append(byte)
            default: output += Array("\\x\(Hex.string(CollectionOfOne(byte)))".utf8)
            }
        }
        return String(decoding: output, as: UTF8.self) + "\""
    }
}
