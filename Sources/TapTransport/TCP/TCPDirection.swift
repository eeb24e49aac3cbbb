import TapCore

/// What is known of one direction of a TCP connection, and the bytes that wait behind a hole. RFC 9293 §3.4.
@usableFromInline
package struct TCPDirection {
    // In an order that leaves no gaps between them: there are two directions for each of up to a million flows.

    @usableFromInline var held: HeldSegments?
    /// The next byte to pass on.
    @usableFromInline var expected = SequenceNumber(0)
    /// Where the FIN lies, once it was seen.
    @usableFromInline var finalSequence = SequenceNumber(0)
    /// The serial of the last segment passed on whose bytes were kept; see ``RecentBytes``.
    @usableFromInline var recent: UInt32 = 0
    // Numbers that count only where the marks say so.
    @usableFromInline var markedInitial = SequenceNumber(0)
    @usableFromInline var markedAcknowledged = SequenceNumber(0)
    @usableFromInline var markedStray = SequenceNumber(0)
    /// The widest window that this peer allowed the other.
    @usableFromInline var window: UInt16 = 0
    @usableFromInline var checksums = ChecksumTrust()
    @usableFromInline var marks = DirectionMarks()
    /// How the windows that this peer allows the other are to be scaled.
    @usableFromInline var scaling = WindowScaling.unknown

    @inlinable init() {}

    @inlinable var phase: DirectionMarks.Phase {
        get { marks.phase }
        set { marks.phase = newValue }
    }

    @inlinable var hasEnded: Bool { phase == .ended }

    /// Whether the flow's bytes are still wanted.
    @inlinable var isWanted: Bool {
        get { !marks[.isUnwanted] }
        set { marks[.isUnwanted] = !newValue }
    }

    /// Whether this peer had acknowledged bytes of the other that were not passed on yet.
    @inlinable var isPeerBehind: Bool {
        get { marks[.isPeerBehind] }
        set { marks[.isPeerBehind] = newValue }
    }

    /// The sequence number of the SYN, where one was seen.
    @inlinable var initial: SequenceNumber? {
        get { marks[.hasInitial] ? markedInitial : nil }
        set {
            if let newValue { markedInitial = newValue }
            marks[.hasInitial] = newValue != nil
        }
    }

    /// The furthest acknowledgment that the peer sent, where it lies ahead of what was passed on:
    /// a number kept for longer would come to lie half the circle behind, which looks like ahead.
    @inlinable var acknowledged: SequenceNumber? {
        get { marks[.hasAcknowledged] ? markedAcknowledged : nil }
        set {
            if let newValue { markedAcknowledged = newValue }
            marks[.hasAcknowledged] = newValue != nil
        }
    }

    /// Where the last segment ended that lay too far ahead to be believed.
    var stray: SequenceNumber? {
        get { marks[.hasStray] ? markedStray : nil }
        set {
            if let newValue { markedStray = newValue }
            marks[.hasStray] = newValue != nil
        }
    }

    /// Notes the sequence number of a segment, before its payload is looked at.
    @inlinable
    @inline(__always)
    mutating func note(_ segment: borrowing TCPSegment) {
        if segment.flags.contains(.syn) {
            noteStart(segment.sequenceNumber, segment.windowScale)
        } else {
            noteWindow(segment)
        }
    }

    /// Notes a SYN. Its own window is not scaled.
    @usableFromInline
    mutating func noteStart(_ number: SequenceNumber, _ windowScale: UInt8?) {
        scaling = WindowScaling(offer: windowScale)
        if initial == nil { initial = number }
    }

    /// Whether an acknowledgment tells nothing new: the bytes that it is about were passed on.
    @inlinable
    @inline(__always)
    func isPassedOn(_ number: SequenceNumber) -> Bool { phase != .unseen && expected.distance(to: number) <= 0 }

    /// Notes what the peer acknowledges; answers whether it can have been sent.
    @usableFromInline
    mutating func noteAcknowledgment(_ number: SequenceNumber, from peer: TCPDirection) -> Bool {
        let ahead = expected.distance(to: number)
        if isPassedOn(number) { return true }
        guard isPlausible(acknowledgment: ahead, reach: peer.reach(of: self)) else {
            // A segment that begins there is believed, as one that follows another is.
            stray = number
            return false
        }
        // The FIN takes up a number, and nothing comes behind it.
        if phase == .ended { return true }
        // Of a direction that was not seen yet, the first one says where it begins.
        if let acknowledged, phase == .unseen || acknowledged.distance(to: number) < 0 { return true }
        acknowledged = number
        return true
    }

    /// Passes on payload that continues the stream; holds what lies ahead of it, and what was sent after bytes of the peer
    /// that were not passed on yet.
    @inlinable
    mutating func receive<Sink: StreamSink & ~Copyable>(
        _ segment: borrowing TCPSegment, _ payload: RawSpan, after peer: borrowing TCPDirection,
        on stream: StreamID, in packet: PacketHeader, _ budget: inout HeldBudget, to sink: inout Sink
    ) {
        guard !hasEnded else { return }
        let ahead = expected.distance(to: segment.payloadStart)
        guard ahead <= 0, held == nil, !isPeerBehind || peer.phase == .unseen else {
            if ahead < 0 { compare(segment, payload, on: stream, in: packet, &budget, to: &sink) }
            hold(
                segment, payload, after: peer.passedOn, isAlone: peer.held == nil, on: stream, in: packet, &budget,
                to: &sink)
            return
        }
        if ahead < 0 { compare(segment, payload, on: stream, in: packet, &budget, to: &sink) }
        guard segment.payloadLength > -ahead else { return }
        deliver(
            payload.from(-ahead), length: segment.payloadLength + ahead, on: stream, in: packet, &budget, to: &sink)
    }

    /// Passes on `length` bytes of which the capture holds those in `bytes`.
    @inlinable
    mutating func deliver<Sink: StreamSink & ~Copyable>(
        _ bytes: RawSpan, length: Int, on stream: StreamID, in packet: PacketHeader, _ budget: inout HeldBudget,
        to sink: inout Sink
    ) {
        let start = expected
        expected = expected.advanced(by: length)
        if let acknowledged, acknowledged.distance(to: expected) >= 0 { self.acknowledged = nil }
        if bytes.byteCount > 0 { isWanted = sink.received(bytes, on: stream, in: packet, isPeerBehind: isPeerBehind) }
        guard isWanted else { return }
        if bytes.byteCount > 0 {
            recent = budget.recent.keep(bytes, at: start, on: stream, after: recent, in: packet)
        }
        if bytes.byteCount < length {
            noteCut(start.advanced(by: bytes.byteCount), length - bytes.byteCount, on: stream, &budget)
            sink.missed(length - bytes.byteCount, because: .cutShort, on: stream, before: packet)
        }
    }

    /// Another segment may have been captured with what is missing of this one.
    @usableFromInline
    mutating func noteCut(_ start: SequenceNumber, _ length: Int, on stream: StreamID, _ budget: inout HeldBudget) {
        marks[.hasHole] = true
        budget.holes.note(start, length: length, on: stream)
    }
}

/// How the windows that a peer sends are to be scaled, in one byte. RFC 7323 §2.
@usableFromInline
struct WindowScaling: Equatable, Sendable {
    /// The shift count of the peer's SYN, or one of the values that no count may have.
    private let rawValue: UInt8

    /// RFC 7323 §2.3.
    private static let largest: UInt8 = 14

    private init(rawValue: UInt8) { self.rawValue = rawValue }

    /// Its SYN was not captured.
    @usableFromInline static let unknown = WindowScaling(rawValue: .max)
    /// Its SYN did not offer it.
    static let none = WindowScaling(rawValue: .max - 1)

    /// What a SYN says.
    @usableFromInline
    init(offer: UInt8?) {
        self = offer.map { WindowScaling(rawValue: min($0, WindowScaling.largest)) } ?? .none
    }

    /// By how many bits a window is shifted, where that is known.
    var bits: UInt8? { self == .unknown || self == .none ? nil : rawValue }
}
