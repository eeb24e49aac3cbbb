import TapCore

/// What is to stand in a segment's checksum.
package enum ChecksumBytes: Equatable, Sendable {
    case zero
    case right
    case wrong
    /// The sum over the pseudo-header, with or without the length.
    case pseudoHeader(hasLength: Bool)

    /// Puts it into the bytes of a TCP segment. RFC 9293 §3.1, byte by byte.
    package func put(into tcp: inout [UInt8], from source: IPAddress, to destination: IPAddress) {
        let pseudo = ChecksumBytes.sum(source.bytes + destination.bytes + [0, 6])
        let length = UInt32(tcp.count >> 16 + tcp.count & 0xFFFF)
        let value: UInt16
        switch self {
        case .zero: value = 0
        case .right: value = ~ChecksumBytes.folded(pseudo + length + ChecksumBytes.sum(tcp))
        case .wrong: value = ~ChecksumBytes.folded(pseudo + length + ChecksumBytes.sum(tcp)) ^ 0x1234
        case .pseudoHeader(let hasLength): value = ChecksumBytes.folded(pseudo + (hasLength ? length : 0))
        }
        tcp.replaceSubrange(16..<18, with: bigEndian(value))
    }

    private static func sum(_ bytes: [UInt8]) -> UInt32 {
        bytes.enumerated().reduce(0) { $0 + UInt32($1.element) << ($1.offset % 2 == 0 ? 8 : 0) }
    }

    private static func folded(_ sum: UInt32) -> UInt16 {
        var sum = sum
        while sum > 0xFFFF { sum = sum >> 16 + sum & 0xFFFF }
        return UInt16(sum)
    }
}
