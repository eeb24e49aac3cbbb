import TapCore
import TapHTTP
import TapTransport
import TapWebSocket

/// Finds the places of what Wireshark exports of streams, which comes without numbers of TCP.
///
/// What a dissector could not finish is exported as well, and once more when the rest has come, from where the unfinished unit
/// begins. So each piece begins with a unit, and what is left of one at its end is passed over: it comes again. Where it does
/// not, something is missing. Connections are read from their first request on.
struct ExportedStreams {
    /// Bytes at the end of a piece that the next one is to begin with, and to go on from.
    fileprivate struct Repetition {
        let count: Int
        let fingerprint: Int

        init(_ bytes: RawSpan) {
            count = bytes.byteCount
            fingerprint = [UInt8](bytes).hashValue
        }

        func begins(_ bytes: RawSpan) -> Bool {
            bytes.byteCount > count && [UInt8](bytes.upTo(count)).hashValue == fingerprint
        }
    }

    fileprivate struct Way {
        /// The number of the next byte.
        var next: SequenceNumber
        var repetition: Repetition?

        init(from next: SequenceNumber) { self.next = next }
    }

    private struct Stream {
        let isClientFirst: Bool
        var isWebSocket = false
        /// Whether another connection between the same endpoints has followed, which is not read.
        var isOver = false
        var client: Way
        var server: Way

        /// Numbers begin elsewhere in each stream: where they begin is what tells a copy from another connection.
        init(_ key: FlowKey, isClientFirst: Bool) {
            self.isClientFirst = isClientFirst
            let start = key.hash(seed: 0xA24B_AED4_963E_E407)
            client = Way(from: SequenceNumber(UInt32(truncatingIfNeeded: start)))
            server = Way(from: SequenceNumber(UInt32(truncatingIfNeeded: start >> 32)))
        }
    }

    /// So many streams are told apart.
    private static let most = 65_536
    /// How far a way goes on where it is not known how much is missing.
    fileprivate static let hole = 1 << 16

    private var streams: [FlowKey: Stream] = [:]

    /// A segment of what a piece carries that did not come before; `nil` where the piece is not read.
    mutating func place(_ piece: TCPSegment, _ bytes: RawSpan) -> TCPSegment? {
        let content = bytes.extracting(piece.payload)
        var stream: Stream
        if let known = streams[piece.key] {
            stream = known
        } else {
            guard content.isRequest, streams.count < ExportedStreams.most else { return nil }
            stream = Stream(piece.key, isClientFirst: piece.isFromFirst)
        }
        defer { streams[piece.key] = stream }
        let isClient = piece.isFromFirst == stream.isClientFirst
        if stream.isWebSocket, isClient, content.isRequest { stream.isOver = true }
        guard !stream.isOver else { return nil }
        let isCut = content.byteCount < piece.payloadLength
        var way = isClient ? stream.client : stream.server
        let peer = isClient ? stream.server : stream.client
        let carried: Range<Int>
        if stream.isWebSocket {
            carried = way.frames(content, isCut: isCut)
        } else if !isClient, let end = content.switchEnd {
            stream.isWebSocket = true
            stream.client.repetition = nil
            let known = way.takeRepetition(of: content)
            carried = known..<end + way.frames(content.from(end), isCut: isCut).upperBound
        } else {
            carried = way.heads(content)
        }
        let segment = piece.carrying(carried, isCut: isCut, at: way.next, answering: peer.next)
        way.next = segment.payloadEnd
        if isClient { stream.client = way } else { stream.server = way }
        return segment
    }
}

extension ExportedStreams.Way {
    /// What is new of a piece before the switch. The whole piece comes again with more, until a head and its body are whole.
    fileprivate mutating func heads(_ content: RawSpan) -> Range<Int> {
        let known = takeRepetition(of: content)
        repetition = ExportedStreams.Repetition(content)
        return known..<content.byteCount
    }

    /// How many bytes at the beginning of a piece came before.
    fileprivate mutating func takeRepetition(of content: RawSpan) -> Int {
        let known = repetition.flatMap { $0.begins(content) ? $0.count : nil } ?? 0
        repetition = nil
        return known
    }

    /// The whole frames of a piece; of one that is cut, all that was captured.
    fileprivate mutating func frames(_ content: RawSpan, isCut: Bool) -> Range<Int> {
        if let repetition, !repetition.begins(content) { next = next.advanced(by: ExportedStreams.hole) }
        repetition = nil
        guard !isCut else { return 0..<content.byteCount }
        let end = content.endOfFrames
        if end < content.byteCount { repetition = ExportedStreams.Repetition(content.from(end)) }
        return 0..<end
    }
}

extension TCPSegment {
    /// A segment that carries a part of the payload of this one. Where that was cut, its end was not captured.
    fileprivate func carrying(
        _ part: Range<Int>, isCut: Bool, at number: SequenceNumber, answering peer: SequenceNumber
    ) -> TCPSegment {
        let start = payload.lowerBound + part.lowerBound
        return TCPSegment(
            source: source, destination: destination, sequenceNumber: number, acknowledgmentNumber: peer,
            flags: [.ack], payload: start..<payload.lowerBound + part.upperBound,
            payloadLength: isCut ? payloadLength - part.lowerBound : part.count)
    }
}

extension RawSpan {
    /// Whether a request that may ask for WebSocket begins here. RFC 6455 §4.1.
    fileprivate var isRequest: Bool { HTTPText.isEqual(upTo(4), "GET ") }

    /// Where the head ends that switches to WebSocket; `nil` if absent.
    fileprivate var switchEnd: Int? {
        guard HTTPText.isEqual(upTo(12), "HTTP/1.1 101") else { return nil }
        return (0..<max(0, byteCount - 3)).first { uint32(at: $0) == 0x0D0A_0D0A }.map { $0 + 4 }
    }

    /// Where the last whole frame ends.
    fileprivate var endOfFrames: Int {
        var decoder = FrameDecoder()
        var (offset, end) = (0, 0)
        while let event = decoder.read(self, from: &offset) {
            switch event {
            case .finished: end = offset
            case .began, .payload: break
            case .lost: return byteCount
            }
        }
        return end
    }
}
