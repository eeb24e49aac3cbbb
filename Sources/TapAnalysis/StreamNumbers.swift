import TapCore
import TapTransport

/// The numbers that Wireshark gives to the TCP connections of a capture (`tcp.stream`): from 0, in the order of their first
/// packets. A SYN begins another one between the same endpoints where it is no copy of the first.
package struct StreamNumbers: Sendable {
    /// Connections that are numbered; Wireshark's memory has no such limit.
    private static let limit = 1_000_000

    fileprivate struct Stream: Sendable {
        let number: Int
        let firstPacket: PacketNumber
        /// The first sequence number of either endpoint, of a SYN if that was seen; the lower endpoint's first.
        var starts: (SequenceNumber?, SequenceNumber?) = (nil, nil)
        var isEnding = false
    }

    private var streams: [FlowKey: [Stream]] = [:]
    private var count = 0

    package init() {}

    /// Takes the next packet.
    /// - Parameter fragments: what puts IP packets together.
    package mutating func receive(_ packet: PacketHeader, _ bytes: RawSpan, _ fragments: inout FragmentTable) {
        receive(PacketDecoder.decode(bytes, packet), bytes, in: packet, &fragments)
    }

    /// The number of a connection that was there at a packet; `nil` where it was not seen.
    package func number(between client: Endpoint, and server: Endpoint, at packet: PacketNumber) -> Int? {
        streams[FlowKey(client, server)]?.last { $0.firstPacket <= packet }?.number
    }

    private mutating func receive(
        _ content: PacketContent, _ bytes: RawSpan, in packet: PacketHeader, _ fragments: inout FragmentTable
    ) {
        switch content {
        case .tcp(let segment) where segment.isHeaderless: break
        case .tcp(let segment): receive(segment, in: packet)
        case .fragment(let fragment):
            guard let whole = fragments.receive(fragment, bytes.extracting(fragment.payload), in: packet) else {
                return
            }
            receive(whole.content, whole.bytes.span.bytes, in: packet, &fragments)
        case .quic, .other: break
        }
    }

    private mutating func receive(_ segment: TCPSegment, in packet: PacketHeader) {
        let isKnown = streams[segment.key] != nil
        guard isKnown || count < StreamNumbers.limit else { return }
        if !isKnown { begin(segment.key, in: packet) }
        let isStart = segment.flags.contains(.syn) && !segment.flags.contains(.ack)
        if isStart, count < StreamNumbers.limit, streams[segment.key]?.last?.isOver(before: segment) == true {
            begin(segment.key, in: packet)
        }
        guard let last = streams[segment.key]?.indices.last else { return }
        streams[segment.key]?[last].note(segment)
    }

    private mutating func begin(_ key: FlowKey, in packet: PacketHeader) {
        streams[key, default: []].append(Stream(number: count, firstPacket: packet.number))
        count += 1
    }
}

extension StreamNumbers.Stream {
    /// Whether a SYN is the first segment of another connection.
    fileprivate func isOver(before segment: TCPSegment) -> Bool {
        guard let start = segment.isFromFirst ? starts.0 : starts.1 else { return false }
        return start != segment.sequenceNumber || isEnding
    }

    fileprivate mutating func note(_ segment: TCPSegment) {
        let isEnd = segment.flags.contains(.fin) || segment.flags.contains(.rst)
        isEnding = isEnding || isEnd
        let start = segment.sequenceNumber.advanced(by: segment.flags.contains(.syn) ? 0 : -1)
        if segment.isFromFirst {
            starts.0 = starts.0 ?? start
        } else {
            starts.1 = starts.1 ?? start
        }
    }
}
