import TapBytes
import TapWebSocket

/// Tries bytes as a chain of frames, and weighs how unlikely it is that they are anything else.
///
/// The weight is counted in bits, as if each fact were independent: bytes taken at random have a chance of one in
/// 2 to that power.
struct FrameChain {
    /// What is known of the direction that the bytes come from.
    struct Expectation {
        /// Whether the sender masks; `nil` where that is not known.
        var isMasked: Bool?
        /// The reserved bits that may be set.
        var reservedBits: UInt8 = 0x4
    }

    private let expectation: Expectation
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

    /// Opcode, reserved bits and a minimal length leave one header of 16.
    private static let headerWeight = 4
    /// Of a 64-bit length the upper half is zero.
    private static let longLengthWeight = 28
    /// A frame that ends where a segment ends.
    private static let alignmentWeight = 6
    private static let closeCodeWeight = 8
    /// Readable characters that count for one frame.
    private static let sampleLength = 24

    init(_ expectation: Expectation = Expectation()) { self.expectation = expectation }

    /// Whether the last byte was the last of a frame.
    var isAtBoundary: Bool { decoder.isAtBoundary }

    /// Takes what one segment holds, or answers `false` where this cannot be a chain of frames.
    mutating func receive(_ bytes: RawSpan) -> Bool {
        var offset = 0
        while let event = decoder.read(bytes, from: &offset) {
            switch event {
            case .began(let header):
                guard begin(header) else { return false }
            case .payload(let range):
                guard receivePayload(bytes.extracting(range)) else { return false }
            case .finished:
                guard finish() else { return false }
            case .lost:
                return false
            }
        }
        if decoder.isAtBoundary, frames > 0 { weight += FrameChain.alignmentWeight }
        return true
    }

    private mutating func begin(_ header: FrameHeader) -> Bool {
        guard isPlausible(header), isFresh(header) else { return false }
        if isMasked == nil { isMasked = header.isMasked }
        weight += FrameChain.headerWeight
        if header.payloadLength > 0xFFFF { weight += FrameChain.longLengthWeight }
        self.header = header
        payloadCount = 0
        sample.removeAll(keepingCapacity: true)
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
        payloadCount += UInt64(bytes.byteCount)
        return text?.fault == nil
    }

    private mutating func finish() -> Bool {
        guard let header else { return true }
        frames += 1
        if !header.opcode.isControl { isMessageOpen = !header.isFinal }
        if header.opcode == .close {
            let body = CloseBody(sample)
            guard sample.isEmpty || body.code?.isAllowedOnWire ?? false && body.isReasonUTF8 else { return false }
            if !sample.isEmpty { weight += FrameChain.closeCodeWeight }
        } else if text != nil {
            if header.isFinal { text?.finish() }
            guard text?.fault == nil else { return false }
            texts += 1
            textWeight += readableCharacters
            weight += readableCharacters
        }
        return true
    }

    /// A character that one can read is worth a bit.
    private var readableCharacters: Int {
        sample.prefix(FrameChain.sampleLength).count { $0 >= 0x20 && $0 != 0x7F || $0 == 0x0A || $0 == 0x09 }
    }
}
