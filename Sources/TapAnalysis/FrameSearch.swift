import TapCore
import TapWebSocket

/// Looks for the next frame in a direction whose frame boundaries were lost.
///
/// Keeps what comes until a chain of frames begins somewhere in it that is too long to be chance. Senders mostly begin a
/// segment with a frame, so that is where it looks at once; everywhere else when enough has come for a new look, and when
/// nothing more will come.
struct FrameSearch {
    /// Bytes that are kept, as TCP brought them.
    struct KeptBytes {
        let bytes: ArraySlice<UInt8>
        let packet: PacketHeader
        /// How many pieces TCP had brought before.
        let arrival: UInt32
    }

    private struct Piece {
        let start: Int
        let packet: PacketHeader
        let arrival: UInt32
    }

    private struct Candidate {
        let start: Int
        var chain: FrameChain
    }

    private let expectation: FrameChain.Expectation
    /// Whether it is likely that the first byte begins a frame.
    private let isStartLikely: Bool
    private var bytes: [UInt8] = []
    private var pieces: [Piece] = []
    private var candidates: [Candidate] = []
    private var surroundings = Surroundings()
    /// How much there was at the last look at every place.
    private var lookedAt = 0
    /// Bytes that were given up.
    private(set) var dropped = 0

    /// What convinces of a place where a segment begins, and of any other: there are many more of those.
    private static let enoughWeight = 32
    /// What convinces of the first byte where that is likely: one frame that ends where a segment does.
    private static let enoughWeightAtStart = 12
    private static let enoughWeightAnywhere = 56
    /// What convinces of a place where a segment begins of what ends with the stream; a close frame alone is less.
    private static let enoughWeightAtEnd = 20
    /// Two frames with a 16-bit length have room.
    private static let mostBytes = 160 << 10
    private static let mostCandidates = 16
    private static let firstLook = 1_024
    /// Of random bytes one in twenty may begin a frame; where far more do, they are a pattern, and none does.
    private static let mostTries = 12_000
    private static let pieceCost = 64

    init(_ expectation: FrameChain.Expectation, isStartLikely: Bool = false) {
        self.expectation = expectation
        self.isStartLikely = isStartLikely
    }

    /// How many bytes are kept.
    var count: Int { bytes.count }

    /// Takes further bytes; answers where among those kept frames begin, once that is certain.
    mutating func receive(_ span: RawSpan, in packet: PacketHeader, arrival: UInt32) -> Int? {
        let start = bytes.count
        pieces.append(Piece(start: start, packet: packet, arrival: arrival))
        bytes.append(span)
        surroundings.note(span)
        for index in candidates.indices.reversed() where !extend(&candidates[index], span) {
            candidates.remove(at: index)
        }
        var fresh = Candidate(start: start, chain: FrameChain(expectation, leastWeight: 0))
        if candidates.count < FrameSearch.mostCandidates, extend(&fresh, span) { candidates.append(fresh) }
        if let found = firstCertain() { return found }
        if bytes.count >= max(FrameSearch.firstLook, lookedAt + lookedAt / 2) {
            lookedAt = bytes.count
            if let found = lookEverywhere() { return found }
        }
        if bytes.count + pieces.count * FrameSearch.pieceCost > FrameSearch.mostBytes { dropOldest() }
        return nil
    }

    /// Nothing more will come: answers where among the bytes kept frames begin, where that is certain.
    mutating func lookAtEnd() -> Int? {
        let ended = candidates.first { $0.chain.isAtBoundary && $0.chain.weight >= FrameSearch.enoughWeightAtEnd }
        if let ended, let found = ended.chain.start(weighing: FrameSearch.enoughWeightAtEnd) {
            return ended.start + found
        }
        return lookedAt == bytes.count ? nil : lookEverywhere()
    }

    /// Goes on with a candidate; answers whether it is one any longer.
    private func extend(_ candidate: inout Candidate, _ span: RawSpan) -> Bool {
        candidate.chain.receive(span, among: surroundings) && !candidate.chain.isWeightless
    }

    private func firstCertain() -> Int? {
        for candidate in candidates {
            let isStartLikely = isStartLikely && dropped + candidate.start == 0
            let enough = isStartLikely ? FrameSearch.enoughWeightAtStart : FrameSearch.enoughWeight
            if let place = candidate.chain.start(weighing: enough, isStartLikely: isStartLikely) {
                return candidate.start + place
            }
        }
        return nil
    }

    /// The bytes from a place on, with the packets that brought them.
    func pieces(from place: Int) -> [KeptBytes] {
        pieces.indices.compactMap { index in
            let start = max(pieces[index].start, place)
            let end = index + 1 < pieces.count ? pieces[index + 1].start : bytes.count
            guard start < end else { return nil }
            return KeptBytes(bytes: bytes[start..<end], packet: pieces[index].packet, arrival: pieces[index].arrival)
        }
    }

    private func lookEverywhere() -> Int? {
        var piece = 0
        var tries = 0
        for place in bytes.indices.dropLast() {
            while piece + 1 < pieces.count, pieces[piece + 1].start <= place { piece += 1 }
            guard mayBegin(at: place) else { continue }
            tries += 1
            guard tries <= FrameSearch.mostTries else { return nil }
            if let start = start(from: place, inPiece: piece) { return place + start }
        }
        return nil
    }

    /// A first glance at a header, which most places do not pass: least of all those whose byte is common here.
    private func mayBegin(at place: Int) -> Bool {
        guard FrameChain.mayBegin(bytes[place], reservedBits: expectation.reservedBits),
            expectation.isMasked.map({ $0 == (bytes[place + 1] & 0x80 != 0) }) ?? true
        else { return false }
        return !surroundings.isCommon(bytes[place])
    }

    /// After how many bytes from a place on a chain begins that is certain.
    private func start(from place: Int, inPiece first: Int) -> Int? {
        var chain = FrameChain(expectation, leastWeight: 0)
        var start = place
        for index in first..<pieces.count {
            let end = index + 1 < pieces.count ? pieces[index + 1].start : bytes.count
            guard chain.receive(bytes[start..<end].span.bytes, among: surroundings), !chain.isWeightless
            else { return nil }
            if chain.frames >= 2, let found = chain.start(weighing: FrameSearch.enoughWeightAnywhere) { return found }
            start = end
        }
        return nil
    }

    /// Gives up the older half.
    private mutating func dropOldest() {
        guard let cut = pieces.first(where: { $0.start >= bytes.count / 2 })?.start ?? pieces.last?.start, cut > 0
        else {
            dropped += bytes.count
            self = FrameSearch(expectation, dropped: dropped)
            return
        }
        dropped += cut
        bytes.removeFirst(cut)
        pieces = pieces.filter { $0.start >= cut }.map {
            Piece(start: $0.start - cut, packet: $0.packet, arrival: $0.arrival)
        }
        candidates = candidates.filter { $0.start >= cut }.map { Candidate(start: $0.start - cut, chain: $0.chain) }
        lookedAt = bytes.count
    }

    private init(_ expectation: FrameChain.Expectation, dropped: Int) {
        self.expectation = expectation
        isStartLikely = false
        self.dropped = dropped
    }
}
