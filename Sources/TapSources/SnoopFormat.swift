import TapCore

/// Reads the packets of a file of Solaris' snoop. RFC 1761; its numbers of data links are those of RFC 3827.
struct SnoopFormat {
    private static let magic: UInt64 = 0x736E_6F6F_7000_0000
    private static let headerLength = 16
    private static let recordHeaderLength = 24
    /// The longest padding behind a packet, in bytes; the format fills up to a multiple of four, and writers go on to pages.
    private static let longestPadding = 64 << 10

    private let linkType: LinkType

    /// Reads the file header, or answers `nil` and consumes nothing where the file does not begin with that of snoop.
    init?(from input: inout InputBuffer) throws(CaptureFault) {
        guard try input.fill(4), input.unread.uint32(at: 0) == UInt32(SnoopFormat.magic >> 32) else { return nil }
        let length = SnoopFormat.headerLength
        let isWhole = try input.fill(length)
        guard input.count < 8 || input.unread.uint64(at: 0) == SnoopFormat.magic else { return nil }
        guard isWhole else {
            throw CaptureFault(.cutOff(.fileHeader, present: input.count, expected: length), at: 0)
        }
        let version = input.unread.uint32(at: 8)
        guard version == 2 else {
            throw CaptureFault(.unknownVersion(major: UInt16(clamping: version), minor: 0), at: 0)
        }
        let dataLink = input.unread.uint32(at: 12)
        guard let linkType = SnoopFormat.linkType(dataLink) else {
            throw CaptureFault(.unknownDataLink(dataLink))
        }
        self.linkType = linkType
        input.consume(length)
    }

    /// Moves `input` past the next packet; `nil` at the end of the file. The original length is as it stands there.
    func next(from input: inout InputBuffer, as number: PacketNumber) throws(CaptureFault) -> PacketHeader? {
        let header = SnoopFormat.recordHeaderLength
        guard try input.fill(header) else {
            guard input.count > 0 else { return nil }
            throw CaptureFault(.cutOff(.packetHeader, present: input.count, expected: header), at: input.position)
        }
        let original = Int(input.unread.uint32(at: 0))
        let captured = Int(input.unread.uint32(at: 4))
        let length = Int(input.unread.uint32(at: 8))
        guard captured <= CaptureLimits.recordLength, length <= header + captured + SnoopFormat.longestPadding else {
            throw CaptureFault(.recordLength(max(captured, length)), at: input.position)
        }
        guard captured <= length - header else {
            throw CaptureFault(
                .packetLargerThanBlock(packet: captured, room: max(0, length - header)), at: input.position)
        }
        let time = SnoopFormat.time(input.unread)
        guard try input.fill(length) else {
            throw CaptureFault(
                .cutOff(.packet, present: input.count - header, expected: length - header), at: input.position)
        }
        input.consume(length, packetAt: header, packetLength: captured)
        return PacketHeader(number: number, timestamp: time, linkType: linkType, originalLength: original)
    }

    private static func time(_ record: RawSpan) -> Timestamp {
        // Two 32-bit numbers, even scaled to nanoseconds, cannot leave 64 bits.
        Timestamp(
            nanoseconds: Int64(record.uint32(at: 16)) * 1_000_000_000 + Int64(record.uint32(at: 20)) * 1_000)
    }

    /// `nil` where packets of a data link are not read.
    private static func linkType(_ dataLink: UInt32) -> LinkType? {
        switch dataLink {
        case 0, 4: .ethernet
        case 2: .tokenRing
        case 8: .fddi
        case 16: .ipOverFibreChannel
        case 17: .sunATM
        default: nil
        }
    }
}
