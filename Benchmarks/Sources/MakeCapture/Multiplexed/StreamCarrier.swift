/// A connection of HTTP/2 with prior knowledge, on which streams take the place of connections.
struct StreamCarrier {
    private struct End {
        let endpoint: Endpoint
        var sequence: UInt32
        var identification: UInt16
        var acknowledged: UInt32 = 0
        /// What waits for the rest of a segment.
        var held: [UInt8] = []
    }

    /// How many connections it has taken the place of.
    var flows = 0
    private var ends: PerSide<End>
    private var lastStream: UInt32 = 0

    /// - Parameter segment: the SYN of the first client.
    init(openedBy segment: TCPSegment) {
        let header = segment.header
        ends = PerSide(
            client: End(
                endpoint: header.source, sequence: segment.sequence, identification: header.identification),
            server: End(
                endpoint: header.destination, sequence: ~segment.sequence, identification: ~header.identification))
    }

    /// The number of the next stream that the client opens.
    mutating func nextStream() -> UInt32 {
        lastStream = lastStream == 0 ? 1 : lastStream + 2
        return lastStream
    }

    /// The handshake of TCP, and what both sides say first: windows as large as they can be, and the extended CONNECT.
    mutating func opening(like segment: TCPSegment) -> [TCPPacket] {
        var packets = [packet(like: segment, from: .client, [.synchronize], [])]
        packets.append(packet(like: segment, from: .server, [.synchronize, .acknowledge], []))
        packets.append(packet(like: segment, from: .client, [.acknowledge], []))
        let grant = StreamFrame.windowUpdate(StreamFrame.largestWindow - 65_535)
        let client =
            StreamFrame.preface + StreamFrame.settings([(4, StreamFrame.largestWindow)]) + grant
        let server =
            StreamFrame.settings([(4, StreamFrame.largestWindow), (8, 1)]) + StreamFrame.acknowledgement + grant
        packets += self.packets(carrying: client, like: segment, from: .client)
        packets += self.packets(carrying: server, like: segment, from: .server)
        return packets + self.packets(carrying: StreamFrame.acknowledgement, like: segment, from: .client)
    }

    /// Segments with bytes of a side; where there are none, an acknowledgment of what is new. While more is to come, only full
    /// ones are sent.
    mutating func packets(
        carrying fresh: [UInt8], like segment: TCPSegment, from side: Side, isMoreToCome: Bool = false
    ) -> [TCPPacket] {
        var bytes = ends[side].held + fresh
        let rest = isMoreToCome ? bytes.count % TCPSegment.longestPayload : 0
        ends[side].held = Array(bytes.suffix(rest))
        bytes.removeLast(rest)
        guard !bytes.isEmpty else {
            let isNew = ends[side].acknowledged != ends[side.opposite].sequence
            return isNew ? [packet(like: segment, from: side, [.acknowledge], [])] : []
        }
        return stride(from: 0, to: bytes.count, by: TCPSegment.longestPayload).map { start in
            let payload = bytes[start..<min(start + TCPSegment.longestPayload, bytes.count)]
            return packet(like: segment, from: side, [.push, .acknowledge], payload)
        }
    }

    private mutating func packet(
        like segment: TCPSegment, from side: Side, _ flags: TCPFlags, _ payload: ArraySlice<UInt8>
    ) -> TCPPacket {
        ends[side].identification &+= 1
        let acknowledgment = flags.contains(.acknowledge) ? ends[side.opposite].sequence : 0
        ends[side].acknowledged = acknowledgment
        let header = IPv4Header(
            source: ends[side].endpoint, destination: ends[side.opposite].endpoint, transport: .tcp,
            identification: ends[side].identification)
        let copy = TCPSegment(
            header: header, flags: flags, sequence: ends[side].sequence, acknowledgment: acknowledgment,
            timestamp: segment.timestamp, timestampEcho: segment.timestampEcho)
        ends[side].sequence &+= UInt32(payload.count) + (flags.contains(.synchronize) ? 1 : 0)
        return TCPPacket(segment: copy, payload: payload)
    }
}
