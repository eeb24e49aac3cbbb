import TapCore

/// A frame's header as it was sent. RFC 6455 §5.2.
public struct FrameHeader: Equatable, Sendable {
    @usableFromInline let firstByte: UInt8
    public let isMasked: Bool
    /// One byte, since frames are copied a lot.
    @usableFromInline let ownLength: UInt8
    /// The masking key in network byte order; zero if absent.
    public let maskingKey: UInt32
    /// The payload's length in bytes.
    public let payloadLength: UInt64

    /// The header's own length in bytes: 2 to 14.
    @inlinable public var length: Int { Int(ownLength) }
    @inlinable public var opcode: Opcode { Opcode(rawValue: firstByte) }
    @inlinable public var isFinal: Bool { firstByte & 0x80 != 0 }
    /// RSV1, RSV2 and RSV3 as the bits 4, 2 and 1.
    @inlinable public var reservedBits: UInt8 { firstByte >> 4 & 0x7 }

    /// Whether the length takes as few bytes as it can.
    @inlinable public var isLengthMinimal: Bool {
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
        self.init(reader.bytes, at: reader.offset)
        _ = reader.skip(length)
    }

    /// Reads one header at `offset`, or returns `nil` when it is not complete.
    @inlinable
    @inline(__always)
    package init?(_ bytes: RawSpan, at offset: Int) {
        let there = bytes.byteCount &- offset
        guard there >= 2 else { return nil }
        let start = bytes.uint16(at: offset)
        isMasked = start & 0x80 != 0
        let keyLength = isMasked ? 4 : 0
        let length: Int
        switch start & 0x7F {
        case 126:
            length = 4 + keyLength
            guard there >= length else { return nil }
            payloadLength = UInt64(bytes.uint16(at: offset + 2))
        case 127:
            length = 10 + keyLength
            guard there >= length else { return nil }
            payloadLength = bytes.uint64(at: offset + 2)
        case let short:
            length = 2 + keyLength
            guard there >= length else { return nil }
            payloadLength = UInt64(short)
        }
        ownLength = UInt8(truncatingIfNeeded: length)
        maskingKey = isMasked ? bytes.uint32(at: offset + length - 4) : 0
        firstByte = UInt8(truncatingIfNeeded: start >> 8)
    }
}

extension FrameHeader {
    /// The header as it was sent, 2 to 14 bytes.
    public var bytes: [UInt8] {
        let maskBit: UInt8 = isMasked ? 0x80 : 0
        let lengthSize = length - (isMasked ? 4 : 0) - 2
        let short: UInt8 =
            switch lengthSize {
            case 2: 126
            case 8: 127
            default: UInt8(truncatingIfNeeded: payloadLength)
            }
        let lengthBytes = (0..<lengthSize).reversed().map {
            UInt8(truncatingIfNeeded: payloadLength >> (UInt64($0) * 8))
        }
        let key = isMasked ? (0..<4).reversed().map { UInt8(truncatingIfNeeded: maskingKey >> (UInt32($0) * 8)) } : []
        return [firstByte, maskBit | short] + lengthBytes + key
    }
}
