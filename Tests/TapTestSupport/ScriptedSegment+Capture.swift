import TapCore
import TapTransport
import TapWebSocket

extension ScriptedSegment {
    /// The segment in a packet, with the checksum that is in it; `nil` if absent.
    package init?(_ packet: CapturedPacket, serverPort: UInt16) {
        guard let (segment, captured) = packet.segment else { return nil }
        let missing = segment.payloadLength - captured.count
        let tcp = Array(packet.bytes[segment.headerStart..<segment.payload.upperBound])
        self.init(
            sender: segment.source.port == serverPort ? .server : .client, source: segment.source,
            destination: segment.destination, sequenceNumber: segment.sequenceNumber,
            acknowledgmentNumber: segment.acknowledgmentNumber, flags: segment.flags,
            payload: captured + [UInt8](repeating: 0, count: missing), capturedLength: captured.count,
            window: segment.window, checksum: missing > 0 ? .zero : ScriptedSegment.checksum(of: tcp, segment),
            nanoseconds: packet.header.timestamp.nanoseconds)
    }

    /// What stands in a checksum; what is none of what a network card leaves there is wrong.
    private static func checksum(of tcp: [UInt8], _ segment: TCPSegment) -> ChecksumBytes {
        let known: [ChecksumBytes] = [.right, .pseudoHeader(hasLength: true), .pseudoHeader(hasLength: false), .zero]
        return known.first { kind in
            var other = tcp
            other.replaceSubrange(16..<18, with: [0, 0])
            kind.put(into: &other, from: segment.source.address, to: segment.destination.address)
            return other == tcp
        } ?? .wrong
    }
}
