import TapBytes

/// A frame's header as it was sent. RFC 6455 §5.2.
public struct FrameHeader: Equatable, Sendable {
    @usableFromInline let firstByte: UInt8
    public let isMasked: Bool
    /// The masking key in network byte order; zero where there is none.
    public let maskingKey: UInt32
    /// The header's own length in bytes: 2 to 14.
    public let length: Int
    /// The payload's length in bytes.
    public let payloadLength: UInt64

    @inlinable public var opcode: Opcode { Opcode(rawValue: firstByte) }
    @inlinable public var isFinal: Bool { firstByte & 0x80 != 0 }
    /// RSV1, RSV2 and RSV3 as the bits 4, 2 and 1.
    @inlinable public var reservedBits: UInt8 { firstByte >> 4 & 0x7 }

    /// Whether the length takes as few bytes as it can.
    public var isLengthMinimal: Bool {
        switch length - (isMasked ? 4 : 0) {
        case 2: true
        case 4: payloadLength > 125
        default: payloadLength > 0xFFFF
        }
    }

    /// The top bit of a 64-bit length must be zero.
    @inlinable public var isLengthPossible: Bool { payloadLength >> 63 == 0 }

    /// Reads one header, or returns `nil` and consumes nothing when it is not complete yet.
    @inlinable
    package init?(from reader: inout ByteReader) {
        var ahead = ByteReader(reader.bytes, at: reader.offset)
        guard let first = ahead.read(UInt8.self), let second = ahead.read(UInt8.self) else { return nil }
        switch second & 0x7F {
        case 126:
            guard let length = ahead.read(UInt16.self) else { return nil }
            payloadLength = UInt64(length)
        case 127:
            guard let length = ahead.read(UInt64.self) else { return nil }
            payloadLength = length
        case let short:
            payloadLength = UInt64(short)
        }
        isMasked = second & 0x80 != 0
        if isMasked {
            guard let key = ahead.read(UInt32.self) else { return nil }
            maskingKey = key
        } else {
            maskingKey = 0
        }
        firstByte = first
        length = ahead.offset - reader.offset
        _ = reader.skip(length)
    }
}
