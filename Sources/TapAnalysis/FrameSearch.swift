import TapBytes
import TapWebSocket

/// Looks for the next frame in a direction whose frame boundaries were lost.
///
/// Keeps what comes until a chain of frames begins somewhere in it that is too long to be chance. Senders mostly begin a
/// segment with a frame, so that is where it looks at once; everywhere else when enough has come for a new look.
struct FrameSearch {
    private struct Piece {
        let start: Int
        let packet: PacketHeader
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
    /// How much there was at the last look at every place.
    private var lookedAt = 0
    /// Bytes that were given up.
    private(set) var dropped = 0

    /// What convinces of a place where a segment begins, and of any other: there are many more of those.
    private static let enoughWeight = 32
    /// What convinces of the first byte where that is likely: one frame that ends where a segment does.
    private static let enoughWeightAtStart = 10
    private static let enoughWeightAnywhere = 56
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
    mutating func receive(_ span: RawSpan, in packet: PacketHeader) -> Int? {
        let start = bytes.count
        pieces.append(Piece(start: start, packet: packet))
        bytes.append(span)
        for index in candidates.indices.reversed() where !candidates[index].chain.receive(span) {
            candidates.remove(at: index)
        }
        var fresh = FrameChain(expectation)
        if candidates.count < FrameSearch.mostCandidates, fresh.receive(span) {
            candidates.append(Candidate(start: start, chain: fresh))
        }
        if let found = candidates.first(where: { $0.chain.weight >= enoughWeight(at: $0.start) }) { return found.start }
        if bytes.count >= max(FrameSearch.firstLook, lookedAt + lookedAt / 2) {
            lookedAt = bytes.count
            if let found = lookEverywhere() { return found }
        }
        if bytes.count + pieces.count * FrameSearch.pieceCost > FrameSearch.mostBytes { dropOldest() }
        return nil
    }

    private func enoughWeight(at place: Int) -> Int {
        isStartLikely && dropped + place == 0 ? FrameSearch.enoughWeightAtStart : FrameSearch.enoughWeight
    }

    /// The bytes from a place on, with the packets that brought them.
    func pieces(from place: Int) -> [(bytes: ArraySlice<UInt8>, packet: PacketHeader)] {
        pieces.indices.compactMap { index in
            let start = max(pieces[index].start, place)
            let end = index + 1 < pieces.count ? pieces[index + 1].start : bytes.count
            return start < end ? (bytes[start..<end], pieces[index].packet) : nil
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
            if let chain = chain(from: place, inPiece: piece), chain.frames >= 2,
                chain.weight >= FrameSearch.enoughWeightAnywhere
            {
                return place
            }
        }
        return nil
    }

    /// A first glance at a header, which most places do not pass.
    private func mayBegin(at place: Int) -> Bool {
        let opcode = Opcode(rawValue: bytes[place])
        guard !opcode.isReserved, bytes[place] >> 4 & 0x7 & ~expectation.reservedBits == 0 else { return false }
        return expectation.isMasked.map { $0 == (bytes[place + 1] & 0x80 != 0) } ?? true
    }

    private func chain(from place: Int, inPiece first: Int) -> FrameChain? {
        var chain = FrameChain(expectation)
        var start = place
        for index in first..<pieces.count {
            let end = index + 1 < pieces.count ? pieces[index + 1].start : bytes.count
            guard chain.receive(bytes[start..<end].span.bytes) else { return nil }
            if chain.weight >= FrameSearch.enoughWeightAnywhere, chain.frames >= 2 { return chain }
            start = end
        }
        return chain
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
        pieces = pieces.filter { $0.start >= cut }.map { Piece(start: $0.start - cut, packet: $0.packet) }
        candidates = candidates.filter { $0.start >= cut }.map { Candidate(start: $0.start - cut, chain: $0.chain) }
        lookedAt = bytes.count
    }

    private init(_ expectation: FrameChain.Expectation, dropped: Int) {
        self.expectation = expectation
        isStartLikely = false
        self.dropped = dropped
    }
}
