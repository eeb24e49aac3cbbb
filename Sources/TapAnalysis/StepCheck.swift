import TapCore
import TapWebSocket

/// Tells a frame that breaks a rule from bytes that are no frame at all.
///
/// Who breaks a rule still writes whole frames: where such a frame ends a segment ends, or a good frame begins. Where
/// neither is so the stream is out of step: two writers wrote at once, or a header's payload was never sent.
struct StepCheck {
    enum Answer {
        case inStep
        case outOfStep
        case undecided
    }

    /// What makes a header suspicious.
    struct Faults: OptionSet {
        let rawValue: UInt8

        static let mask = Faults(rawValue: 1)
        static let reservedBits = Faults(rawValue: 2)
        static let opcode = Faults(rawValue: 4)
        static let length = Faults(rawValue: 8)
        static let control = Faults(rawValue: 16)

        /// - Parameter allowed: the reserved bits that may be set.
        init(_ header: FrameHeader, from sender: Sender, reservedBits allowed: UInt8) {
            var faults: Faults = []
            if header.isMasked != (sender == .client) { faults.insert(.mask) }
            if header.reservedBits & ~allowed != 0 { faults.insert(.reservedBits) }
            if header.opcode.isReserved { faults.insert(.opcode) }
            if !header.isLengthMinimal { faults.insert(.length) }
            if header.opcode.isControl, !header.isFinal || header.payloadLength > 125 { faults.insert(.control) }
            self = faults
        }

        init(rawValue: UInt8) { self.rawValue = rawValue }

        var count: Int { rawValue.nonzeroBitCount }
    }

    let sender: Sender
    let allowed: UInt8
    /// It is decided with what there is of so much.
    private static let mostBytes = 16 << 10

    /// - Parameters:
    ///   - pieces: what was sent from the suspicious header on, as segments brought it.
    ///   - hasEnded: whether nothing more will come.
    func answer(_ pieces: [FrameSearch.KeptBytes], hasEnded: Bool) -> Answer {
        var decoder = FrameDecoder()
        var distinct = DistinctFrames()
        var first: Faults?
        var headers = 0
        var endsWithSegment = false
        var isMixed = false
        var total = 0
        for piece in pieces {
            let bytes = piece.bytes.span.bytes
            var offset = 0
            while let event = decoder.read(bytes, from: &offset) {
                switch event {
                case .began(let header):
                    let faults = Faults(header, from: sender, reservedBits: allowed)
                    if headers > 0, faults.isEmpty { return .inStep }
                    isMixed = isMixed || first.map { $0 != faults } ?? false
                    first = first ?? faults
                    headers += 1
                    distinct.begin(header, header.opcode.rawValue)
                case .payload(let range):
                    distinct.receive(bytes.extracting(range))
                case .finished:
                    // The same again and again is a pattern, wherever it ends.
                    if distinct.finish(weighing: 1) != nil {
                        isMixed = true
                    } else if offset == bytes.byteCount, !isMixed {
                        // Hardly anybody breaks several rules at once, and a single end may be chance.
                        if first?.count ?? 0 <= 1 || headers > 1 { return .inStep }
                        endsWithSegment = true
                    }
                case .lost:
                    return .outOfStep
                }
            }
            total += bytes.byteCount
        }
        if headers > 1, isMixed { return .outOfStep }
        guard hasEnded || total >= StepCheck.mostBytes else { return .undecided }
        return headers > 1 || first?.count ?? 0 > 1 && !endsWithSegment ? .outOfStep : .inStep
    }
}
