import TapCore
import TapTestSupport
import TapTransport

/// Makes segments of what a fuzzer gives: mostly such as correct endpoints would send, so that connections come about.
struct SegmentScript {
    /// By source port and destination port.
    private struct Direction: Hashable {
        let source: UInt16
        let destination: UInt16

        var opposite: Direction { Direction(source: destination, destination: source) }
    }

    private var next: [Direction: SequenceNumber] = [:]

    /// The next segment; `packet` becomes the one that brings it.
    mutating func next(from input: inout FuzzInput, after packet: inout PacketHeader) -> TCPSegment {
        // The five lowest flags, the flow and its direction.
        let first = input.byte()
        let kind = input.byte()
        let direction = direction(first)
        let expected = next[direction] ?? SequenceNumber(first & 0x20 == 0 ? 1_000 : 0xFFFF_FF80)
        let start = number(kind, expected, &input)
        let acknowledged = number(kind >> 2, next[direction.opposite] ?? SequenceNumber(0), &input)
        let length = Int(input.byte()) * (kind & 0x10 == 0 ? 1 : 7)
        let captured = kind & 0x20 == 0 ? length : min(length, Int(input.byte()))
        let flags = TCPFlags(rawValue: first & 0x1F)
        packet.number.rawValue += 1
        packet.timestamp.nanoseconds &+= kind & 0x40 == 0 ? 1_000_000 : Int64(input.byte()) * 100_000_000
        let segment = TCPSegment(
            source: Endpoint("192.0.2.1", direction.source), destination: Endpoint("192.0.2.1", direction.destination),
            sequenceNumber: start, acknowledgmentNumber: acknowledged, flags: flags, payload: 0..<captured,
            payloadLength: length)
        let end = segment.payloadEnd.advanced(by: flags.contains(.fin) ? 1 : 0)
        if kind & 0x80 == 0, expected.distance(to: end) > 0 || flags.contains(.syn) { next[direction] = end }
        return segment
    }

    private func direction(_ byte: UInt8) -> Direction {
        let (client, server): (UInt16, UInt16) = (40_000 + UInt16(byte >> 6 & 1) * 2 + UInt16(byte >> 5 & 1), 80)
        return byte & 0x80 == 0
            ? Direction(source: client, destination: server) : Direction(source: server, destination: client)
    }

    private func number(_ kind: UInt8, _ expected: SequenceNumber, _ input: inout FuzzInput) -> SequenceNumber {
        switch kind & 3 {
        case 0: expected
        case 1: expected.advanced(by: Int(Int8(bitPattern: input.byte())))
        case 2: expected.advanced(by: Int(Int16(truncatingIfNeeded: input.number())))
        case _: SequenceNumber(UInt32(input.number()) << 16 | expected.rawValue & 0xFFFF)
        }
    }
}
