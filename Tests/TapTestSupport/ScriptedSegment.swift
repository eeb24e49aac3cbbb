import TapCore
import TapTransport
import TapWebSocket

/// A segment of a ``Conversation``.
package struct ScriptedSegment: Equatable, Sendable {
    package var sender: Sender
    package var source: Endpoint
    package var destination: Endpoint
    package var sequenceNumber: SequenceNumber
    package var acknowledgmentNumber: SequenceNumber
    package var flags: TCPFlags
    package var payload: [UInt8]
    /// How many bytes of the payload the capture holds.
    package var capturedLength: Int
    package var window: UInt16 = .max
    package var checksum = ChecksumBytes.zero
    /// What a SYN says of the sender's windows.
    package var windowScale: UInt8? = 7
    /// When it was captured, where that matters.
    package var nanoseconds: Int64?

    /// As the packet decoder would give it, for a packet that holds the payload only.
    package var tcpSegment: TCPSegment {
        TCPSegment(
            source: source, destination: destination, sequenceNumber: sequenceNumber,
            acknowledgmentNumber: acknowledgmentNumber, flags: flags, payload: 0..<capturedLength,
            payloadLength: payload.count, window: window, windowScale: flags.contains(.syn) ? windowScale : nil)
    }

    /// As a TCP segment with its header.
    package var tcp: [UInt8] {
        var tcp = TCPBytes(payload)
        tcp.sourcePort = source.port
        tcp.destinationPort = destination.port
        tcp.sequenceNumber = sequenceNumber.rawValue
        tcp.acknowledgmentNumber = acknowledgmentNumber.rawValue
        tcp.flags = flags
        // The SYN has no options here, so that nobody knows how others are to be scaled.
        if window == 0 { tcp.window = 0 }
        var bytes = tcp.bytes
        checksum.put(into: &bytes, from: source.address, to: destination.address)
        return bytes
    }

    /// As an IP packet.
    package var ip: [UInt8] { source.address.isIPv6 ? ipv6(tcp) : ipv4(tcp) }

    /// As a whole packet.
    package func packet(number: UInt64, nanoseconds: Int64, _ framing: LinkFraming = .ethernet) -> CapturedPacket {
        let isIPv6 = source.address.isIPv6
        let whole = framing.frame(ip, isIPv6: isIPv6)
        let missing = payload.count - capturedLength
        let bytes = missing == 0 ? whole[...] : whole.dropLast(framing.trailer.count + missing)
        return CapturedPacket(
            Array(bytes), framing.linkType(isIPv6: isIPv6), number: number, nanoseconds: nanoseconds,
            originalLength: whole.count)
    }

    private func ipv4(_ payload: [UInt8]) -> [UInt8] {
        var ip = IPv4Bytes(payload)
        (ip.source, ip.destination) = (source.address, destination.address)
        return ip.bytes
    }

    private func ipv6(_ payload: [UInt8]) -> [UInt8] {
        var ip = IPv6Bytes(payload)
        (ip.source, ip.destination) = (source.address, destination.address)
        return ip.bytes
    }
}

extension [ScriptedSegment] {
    /// The segments as the packets of a capture, a millisecond apart, or when they say that they were captured, but none before
    /// another.
    package func packets(
        firstNumber: UInt64 = 1, from start: Int64 = 1_700_000_000_000_000_000, _ framing: LinkFraming = .ethernet
    ) -> [CapturedPacket] {
        var time = Int64.min
        return enumerated().map { index, segment in
            time = Swift.max(time, segment.nanoseconds ?? start + Int64(index) * 1_000_000)
            return segment.packet(number: firstNumber + UInt64(index), nanoseconds: time, framing)
        }
    }
}
