import TapCore

/// A packet with all that a capture says of it but its number.
package struct PacketRecord: Equatable, Sendable, CustomStringConvertible {
    package var nanoseconds: Int64
    package var linkType: UInt32
    package var originalLength: Int
    package var bytes: [UInt8]

    package init(_ nanoseconds: Int64, linkType: UInt32 = 1, originalLength: Int? = nil, _ bytes: [UInt8]) {
        self.nanoseconds = nanoseconds
        self.linkType = linkType
        self.originalLength = originalLength ?? bytes.count
        self.bytes = bytes
    }

    package init(_ header: PacketHeader, _ bytes: RawSpan) {
        self.init(
            header.timestamp.nanoseconds, linkType: header.linkType.rawValue, originalLength: header.originalLength,
            [UInt8](bytes))
    }

    package var description: String {
        "\(nanoseconds) ns, link type \(linkType), \(bytes.count) of \(originalLength) bytes: \(Hex.string(bytes))"
    }
}
