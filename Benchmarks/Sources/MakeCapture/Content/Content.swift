/// What a payload is made of.
enum Content {
    case ascii
    case multiByte
    case binary

    var opcode: Opcode {
        switch self {
        case .ascii, .multiByte: .text
        case .binary: .binary
        }
    }

    /// Multi-byte text in so many of a hundred cases; the rest is ASCII text, and one case in ten binary.
    static func choose(multiBytePercent: Int, random: inout RandomSource) -> Content {
        switch random.next(below: 100) {
        case ..<multiBytePercent: .multiByte
        case 90...: .binary
        default: .ascii
        }
    }
}
