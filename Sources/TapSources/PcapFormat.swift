package import TapCore

/// Reads the packets of a classic pcap file, in either byte order, with micro- or nanoseconds.
package struct PcapFormat {
    private static let headerLength = 24

    private let order: ByteOrder
    private let nanosecondsPerTick: Int64
    private let recordHeaderLength: Int
    private let swappedLengths: SwappedLengths
    private let linkType: LinkType

    /// Whether a record states the original length before the captured one, as writers before version 2.4 did.
    private enum SwappedLengths {
        case never
        case whereSmaller
        case always
    }

    /// The numbers at the start of a record.
    private struct Record {
        let seconds: UInt32
        let fraction: UInt32
        let firstLength: UInt32
        let secondLength: UInt32

        @inline(__always)
        init(_ bytes: RawSpan, _ order: ByteOrder) {
            // By words: to look at each number by itself would mean as many checks of bounds.
            let (time, lengths) = (bytes.uint64(at: 0, order), bytes.uint64(at: 8, order))
            let isBig = order == .big
            seconds = UInt32(truncatingIfNeeded: isBig ? time >> 32 : time)
            fraction = UInt32(truncatingIfNeeded: isBig ? time : time >> 32)
            firstLength = UInt32(truncatingIfNeeded: isBig ? lengths >> 32 : lengths)
            secondLength = UInt32(truncatingIfNeeded: isBig ? lengths : lengths >> 32)
        }
    }

    /// Reads the file header, or answers `nil` and consumes nothing where the file begins with no magic number of pcap.
    package init?(from input: inout InputBuffer) throws(CaptureFault) {
        guard try input.fill(4) else { return nil }
        switch input.unread.uint32(at: 0) {
        case 0xA1B2_C3D4: (order, nanosecondsPerTick, recordHeaderLength) = (.big, 1_000, 16)
        case 0xD4C3_B2A1: (order, nanosecondsPerTick, recordHeaderLength) = (.little, 1_000, 16)
        case 0xA1B2_3C4D: (order, nanosecondsPerTick, recordHeaderLength) = (.big, 1, 16)
        case 0x4D3C_B2A1: (order, nanosecondsPerTick, recordHeaderLength) = (.little, 1, 16)
        // Kuznetzov's patch to libpcap adds eight bytes to the record header.
        case 0xA1B2_CD34: (order, nanosecondsPerTick, recordHeaderLength) = (.big, 1_000, 24)
        case 0x34CD_B2A1: (order, nanosecondsPerTick, recordHeaderLength) = (.little, 1_000, 24)
        default: return nil
        }
        let length = PcapFormat.headerLength
        guard try input.fill(length) else {
            throw CaptureFault(.cutOff(.fileHeader, present: input.count, expected: length), at: 0)
        }
        let (major, minor) = (input.unread.uint16(at: 4, order), input.unread.uint16(at: 6, order))
        switch (major, minor) {
        case (2, ..<3), (543, _): swappedLengths = .always
        case (2, 3): swappedLengths = .whereSmaller
        case (2, _): swappedLengths = .never
        // Version 2.4 by a writer that swapped these two numbers and no others.
        case (0x0200, 0x0400): swappedLengths = .never
        case (_, _): throw CaptureFault(.unknownVersion(major: major, minor: minor), at: 0)
        }
        linkType = LinkType(pcapField: input.unread.uint32(at: 20, order))
        input.consume(length)
    }

    /// Moves `input` past the next packet; `nil` at the end of the file. The original length is as it stands there.
    @inline(__always)
    package func next(from input: inout InputBuffer, as number: PacketNumber) throws(CaptureFault) -> PacketHeader? {
        guard try input.fill(recordHeaderLength) else {
            guard input.count > 0 else { return nil }
            throw cutOff(.packetHeader, input.count, of: recordHeaderLength, at: input.position)
        }
        let record = Record(input.unread, order)
        let (captured, original) = lengths(record)
        guard captured <= CaptureLimits.recordLength else {
            throw CaptureFault(.recordLength(captured), at: input.position)
        }
        guard try input.fill(recordHeaderLength + captured) else {
            throw cutOff(.packet, input.count - recordHeaderLength, of: captured, at: input.position)
        }
        return take(record, captured, original, from: &input, as: number)
    }

    /// The same where the packet lies whole in what was read already; `nil`, and nothing is consumed, where only
    /// ``next(from:as:)`` can tell.
    @inline(__always)
    func nextReady(from input: inout InputBuffer, as number: PacketNumber) -> PacketHeader? {
        guard input.count >= recordHeaderLength else { return nil }
        let record = Record(input.unread, order)
        let (captured, original) = lengths(record)
        guard captured <= CaptureLimits.recordLength, captured <= input.count &- recordHeaderLength else { return nil }
        return take(record, captured, original, from: &input, as: number)
    }

    @inline(__always)
    private func take(
        _ record: Record, _ captured: Int, _ original: Int, from input: inout InputBuffer, as number: PacketNumber
    ) -> PacketHeader {
        input.consume(recordHeaderLength &+ captured, packetAt: recordHeaderLength, packetLength: captured)
        return PacketHeader(
            number: number, timestamp: timestamp(record), linkType: linkType, originalLength: original)
    }

    private func timestamp(_ record: Record) -> Timestamp {
        // Two 32-bit numbers, even scaled to nanoseconds, cannot leave 64 bits.
        Timestamp(nanoseconds: Int64(record.seconds) * 1_000_000_000 + Int64(record.fraction) * nanosecondsPerTick)
    }

    private func lengths(_ record: Record) -> (captured: Int, original: Int) {
        switch swappedLengths {
        case .never: (Int(record.firstLength), Int(record.secondLength))
        case .whereSmaller:
            (Int(min(record.firstLength, record.secondLength)), Int(max(record.firstLength, record.secondLength)))
        case .always: (Int(record.secondLength), Int(record.firstLength))
        }
    }

    private func cutOff(_ part: CaptureFault.Part, _ present: Int, of expected: Int, at offset: UInt64) -> CaptureFault
    {
        CaptureFault(.cutOff(part, present: present, expected: expected), at: offset)
    }
}
