import TapCore
import TapWebSocket

/// Tries bytes as a chain of frames, and weighs how unlikely it is that they are anything else.
///
/// The weight is counted in bits: of places that were chosen at random, one in 2 to that power has such a chain. Each byte
/// of a header counts by how rare it is among those around it, and each frame counts once: a run of equal bytes, or of
/// bytes that come again and again, weighs nothing.
struct FrameChain {
    /// What is known of the direction that the bytes come from.
    struct Expectation {
        /// Whether the sender masks; `nil` where that is not known.
        var isMasked: Bool?
        /// The reserved bits that may be set.
        var reservedBits: UInt8 = 0x4
    }

    private let expectation: Expectation
    /// What speaks so much against frames that there are none.
    private let leastWeight: Int
    private var decoder = FrameDecoder()
    private var header: FrameHeader?
    private var text: UTF8Check?
    /// The first bytes of the present frame's payload, unmasked.
    private var sample: [UInt8] = []
    private var payloadCount: UInt64 = 0
    /// Whether a message has begun and not ended; `nil` where that is not known yet.
    private var isMessageOpen: Bool?
    private(set) var isMasked: Bool?
    /// Frames that are whole.
    private(set) var frames = 0
    private(set) var weight = 0
    /// Whole texts among them, and what of the weight comes from readable text.
    private(set) var texts = 0
    private(set) var textWeight = 0
    private var lastKey: UInt32?
    /// What the present frame weighs, or the last one.
    private var frameWeight = 0
    private var distinct = DistinctFrames()
    private var own = OwnBytes()
    private var isAtSegmentStart = false
    private var received = 0
    private var segments = 0
    /// What the first frame weighs by itself, and where it ends: a frame that is none may end by chance where one begins.
    private var firstWeight = 0
    private var firstEnd = 0
    /// Whether it is an empty data frame: those are rare, and what is left of another one looks like it easily.
    private var isFirstEmpty = false

    /// A frame that ends where a segment ends is worth as many bits as there were other places for its end.
    private static let mostAlignmentWeight = 10
    private static let closeCodeWeight = 5
    private static let usualCloseCodeWeight = 10
    /// Readable characters that count for one frame.
    private static let sampleLength = 24
    private static let repetitionWeight = -4
    /// What convinces of the first frame where others that follow are certain.
    private static let enoughFirstWeight = 14
    private static let enoughFirstWeightAtStart = 9
    /// The same where the first segment of all begins with it.
    private static let enoughFirstWeightAtOnce = 4

    init(_ expectation: Expectation = Expectation(), leastWeight: Int = -64) {
        self.expectation = expectation
        self.leastWeight = leastWeight
    }

    /// A first glance at a header.
    static func mayBegin(_ firstByte: UInt8, reservedBits: UInt8 = 0x4) -> Bool {
        !Opcode(rawValue: firstByte).isReserved && firstByte >> 4 & 0x7 & ~reservedBits == 0
    }

    /// Whether the last byte was the last of a frame.
    var isAtBoundary: Bool { decoder.isAtBoundary }

    /// Whether whole frames say nothing, or speak against it.
    var isWeightless: Bool { frames > 0 && weight <= 0 }

    /// After how many bytes frames begin, where they weigh enough.
    func start(weighing enough: Int, isStartLikely: Bool = false) -> Int? {
        if isStartLikely && !isFirstEmpty || firstWeight >= FrameChain.enoughFirstWeight {
            return weight >= enough ? 0 : nil
        }
        return frames >= 2 && weight - firstWeight >= enough ? firstEnd : nil
    }

    /// Whether the first frame is one, where it begins a segment: senders mostly do so, and the longer segments are the less
    /// is it chance.
    /// - Parameter failures: segments before it that began no frame; of many one seems to by chance.
    func isFirstConvincing(after failures: Int) -> Bool {
        guard segments > 0 else { return false }
        let bits = min(FrameChain.mostAlignmentWeight, Surroundings.logarithm(UInt64(received / segments)))
        guard !isFirstEmpty else { return firstWeight + bits >= FrameChain.enoughFirstWeight }
        guard failures > 0 else { return firstWeight + bits >= FrameChain.enoughFirstWeightAtOnce }
        return firstWeight + bits >= FrameChain.enoughFirstWeightAtStart + Surroundings.logarithm(UInt64(failures))
    }

    /// Takes what one segment holds, or answers `false` where this cannot be a chain of frames.
    mutating func receive(_ bytes: RawSpan, among surroundings: borrowing Surroundings) -> Bool {
        var offset = 0
        while let event = decoder.read(bytes, from: &offset) {
            switch event {
            case .began(let header):
                guard begin(header, surroundings) else { return false }
                isAtSegmentStart = offset == header.length
            case .payload(let range):
                guard receivePayload(bytes.extracting(range)) else { return false }
            case .finished:
                guard finish(surroundings, isAlone: isAtSegmentStart && offset == bytes.byteCount) else { return false }
                if frames == 1 {
                    (firstWeight, firstEnd) = (weight, received + offset)
                    isFirstEmpty = header.map { $0.payloadLength == 0 && !$0.opcode.isControl } ?? false
                }
            case .lost:
                return false
            }
        }
        received += bytes.byteCount
        segments += 1
        if decoder.isAtBoundary, frames > 0 { noteAlignment() }
        return true
    }

    private mutating func begin(_ header: FrameHeader, _ surroundings: borrowing Surroundings) -> Bool {
        guard isPlausible(header), isFresh(header) else { return false }
        if isMasked == nil { isMasked = header.isMasked }
        let firstByte = firstByte(of: header)
        frameWeight =
            surroundings.weight(ofFirst: firstByte, besides: own) + surroundings.weight(ofLength: header, besides: own)
            + (expectation.isMasked == nil ? 0 : 1)
        self.header = header
        payloadCount = 0
        sample.removeAll(keepingCapacity: true)
        distinct.begin(header, firstByte)
        text = header.opcode == .text && header.reservedBits == 0 ? UTF8Check() : nil
        return true
    }

    private func isPlausible(_ header: FrameHeader) -> Bool {
        guard !header.opcode.isReserved, header.isLengthMinimal, header.payloadLength < 1 << 32,
            header.reservedBits & ~expectation.reservedBits == 0,
            header.isMasked == (expectation.isMasked ?? isMasked ?? header.isMasked)
        else { return false }
        switch header.opcode {
        case let opcode where opcode.isControl:
            return header.isFinal && header.payloadLength <= 125 && header.reservedBits == 0
        case .continuation:
            return isMessageOpen != false && header.reservedBits == 0
        default:
            return isMessageOpen != true
        }
    }

    /// Whether a mask is another than the one before: patterns in the bytes of other protocols repeat themselves.
    private mutating func isFresh(_ header: FrameHeader) -> Bool {
        guard header.isMasked, header.payloadLength > 0 else { return true }
        defer { lastKey = header.maskingKey }
        return header.maskingKey != lastKey
    }

    private mutating func receivePayload(_ bytes: RawSpan) -> Bool {
        guard let header else { return true }
        text?.receive(bytes, key: header.maskingKey, phase: payloadCount)
        let wanted = bytes.upTo(max(125, FrameChain.sampleLength) - sample.count)
        if wanted.byteCount > 0 { Masking.append(wanted, key: header.maskingKey, phase: payloadCount, to: &sample) }
        distinct.receive(bytes)
        payloadCount += UInt64(bytes.byteCount)
        return text?.fault == nil
    }

    /// - Parameter isAlone: whether the frame has a segment of its own.
    private mutating func finish(_ surroundings: borrowing Surroundings, isAlone: Bool) -> Bool {
        guard let header else { return true }
        frames += 1
        if !header.opcode.isControl { isMessageOpen = !header.isFinal }
        if header.opcode == .close {
            let body = CloseBody(sample)
            guard sample.isEmpty || body.code?.isAllowedOnWire ?? false && body.isReasonUTF8 else { return false }
            if let code = body.code {
                frameWeight += code.rawValue < 3_000 ? FrameChain.usualCloseCodeWeight : FrameChain.closeCodeWeight
            }
        } else if text != nil {
            if header.isFinal { text?.finish() }
            guard text?.fault == nil else { return false }
            texts += 1
            let readable = surroundings.weight(ofReadable: readableCharacters)
            textWeight += readable
            frameWeight += readable
        }
        count(header, isAlone: isAlone)
        return weight > leastWeight
    }

    /// A frame that came before takes back what it weighed the first time, and speaks against all where nothing but its
    /// own bytes says where it begins.
    private mutating func count(_ header: FrameHeader, isAlone: Bool) {
        guard let earlier = distinct.finish(weighing: frameWeight) else {
            own.note(header, firstByte(of: header))
            weight += frameWeight
            return
        }
        frameWeight = isAlone ? 0 : FrameChain.repetitionWeight
        weight += frameWeight - earlier
    }

    private func firstByte(of header: FrameHeader) -> UInt8 {
        (header.isFinal ? 0x80 : 0) | header.reservedBits << 4 | header.opcode.rawValue
    }

    private mutating func noteAlignment() {
        guard frameWeight > 0, let header else { return }
        let length = UInt64(header.length) + header.payloadLength
        let bits = Surroundings.logarithm(min(length, UInt64(received / segments)))
        let added = min(FrameChain.mostAlignmentWeight, bits)
        weight += added
        distinct.addToLast(added)
        if frames == 1 { firstWeight += added }
    }

    private var readableCharacters: Int {
        sample.prefix(FrameChain.sampleLength).count { $0 >= 0x20 && $0 != 0x7F || $0 == 0x0A || $0 == 0x09 }
    }
}
