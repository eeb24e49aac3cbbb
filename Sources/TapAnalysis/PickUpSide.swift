import TapCore

/// What one direction of a connection looks like whose handshake was not captured.
struct PickUpSide {
    /// There while its last bytes may be frames, with all that it sent.
    fileprivate struct Frames {
        var chain = FrameChain()
        var surroundings = Surroundings()
    }

    @Rare fileprivate var present: Frames?
    /// Whether it has sent anything at all.
    private(set) var hasSpoken = false
    /// Segments that were no frames, and holes.
    private var failures: UInt16 = 0
    /// Captured bytes before those that may be frames.
    private var skipped: UInt32 = 0

    private static let enoughTexts = 3
    private static let enoughTextWeight = 40
    /// What convinces of one side where the other is certain, and where both are nothing but frames.
    private static let enoughWeight = 12
    private static let enoughWeightAtEnd = 8

    /// Whether its last bytes were no frames, or some are missing after them.
    var isBroken: Bool { !$present }

    var frames: Int { present?.chain.frames ?? 0 }
    var weight: Int { present?.chain.weight ?? 0 }
    var isMasked: Bool? { present?.chain.isMasked }

    /// Whether its frames are certain enough to begin with the first of them.
    var isConvincing: Bool { weight >= PickUpSide.enoughWeight }

    /// Whether all that it sent is whole frames.
    var isWhole: Bool {
        failures == 0 && frames > 0 && weight >= PickUpSide.enoughWeightAtEnd && present?.chain.isAtBoundary ?? false
    }

    /// Where its frames begin, so many bytes of it being missing, all of them before.
    func start(missing: Int, hasEnded: Bool) -> PickUpStart {
        let isLikely = present?.chain.isFirstConvincing(after: Int(failures)) ?? !hasSpoken
        return PickUpStart(
            isCertain: isConvincing && isLikely || hasEnded && isWhole, isLikely: isLikely, skipped: Int(skipped),
            missing: missing)
    }

    /// Whether it is a client's, by itself. Masks that turn bytes into readable text, each another one, are hard to come
    /// by; a type and a length before a text, as a server's frame has them, are not.
    var isConvincingClient: Bool {
        guard let chain = present?.chain else { return false }
        return chain.isMasked == true && chain.texts >= PickUpSide.enoughTexts
            && chain.textWeight >= PickUpSide.enoughTextWeight
    }

    /// Takes a segment: the next of the chain, or where that is broken the first of a new one. Keeps what may be frames
    /// in `held`; answers whether it may.
    mutating func receive(
        _ bytes: RawSpan, _ direction: Direction, in packet: PacketHeader, holdingIn held: inout HeldBytes
    ) -> Bool {
        hasSpoken = true
        if !(present?.receive(bytes) ?? false) {
            if !isBroken { giveUp(direction, holdingIn: &held) }
            guard let fresh = Frames(bytes) else {
                failures = min(failures, .max - 1) + 1
                skipped &+= UInt32(truncatingIfNeeded: bytes.byteCount)
                return false
            }
            present = fresh
        }
        held.append(bytes, direction, in: packet)
        return true
    }

    /// Bytes are missing: what comes next does not continue what was seen.
    mutating func miss(_ direction: Direction, holdingIn held: inout HeldBytes) {
        giveUp(direction, holdingIn: &held)
    }

    private mutating func giveUp(_ direction: Direction, holdingIn held: inout HeldBytes) {
        present = nil
        failures = min(failures, .max - 1) + 1
        skipped &+= UInt32(truncatingIfNeeded: held.remove(direction))
    }
}

extension PickUpSide.Frames {
    /// Answers `nil` where they cannot be frames.
    fileprivate init?(_ bytes: RawSpan) {
        guard bytes.byteCount > 0, FrameChain.mayBegin(bytes.uint8(at: 0)), receive(bytes) else { return nil }
    }

    /// Takes a segment; answers whether what was sent may still be frames.
    fileprivate mutating func receive(_ bytes: RawSpan) -> Bool {
        guard chain.weight >= 0 || !chain.isAtBoundary else { return false }
        surroundings.note(bytes)
        return chain.receive(bytes, among: surroundings)
    }
}
