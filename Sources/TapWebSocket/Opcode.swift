/// The meaning of a frame's payload. Total: opcodes that no RFC defines are kept as they are. RFC 6455 §5.2.
public struct Opcode: RawRepresentable, Hashable, Sendable, Codable {
    public let rawValue: UInt8

    /// Takes the low four bits.
    @inlinable
    public init(rawValue: UInt8) { self.rawValue = rawValue & 0x0F }

    @inlinable public static var continuation: Opcode { Opcode(rawValue: 0) }
    @inlinable public static var text: Opcode { Opcode(rawValue: 1) }
    @inlinable public static var binary: Opcode { Opcode(rawValue: 2) }
    @inlinable public static var close: Opcode { Opcode(rawValue: 8) }
    @inlinable public static var ping: Opcode { Opcode(rawValue: 9) }
    @inlinable public static var pong: Opcode { Opcode(rawValue: 10) }

    /// Opcodes with the top bit set are control frames, defined or not. RFC 6455 §5.5.
    @inlinable public var isControl: Bool { rawValue & 0x8 != 0 }

    @inlinable public var isReserved: Bool { rawValue > 10 || (rawValue > 2 && rawValue < 8) }
}

extension Opcode: CustomStringConvertible {
    /// `text`, `close`, …, or `reserved-N`.
    public var description: String {
        switch self {
        case .continuation: "continuation"
        case .text: "text"
        case .binary: "binary"
        case .close: "close"
        case .ping: "ping"
        case .pong: "pong"
        default: "reserved-\(rawValue)"
        }
    }
}
