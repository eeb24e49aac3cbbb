import TapBytes
import TapHTTP
import TapStreams
import TapWebSocket

/// Recognises a WebSocket connection whose handshake was not captured, from its frames alone.
///
/// Convinced where both directions are chains of correct frames, one all masked, the other not at all: other protocols
/// do not look like that. Where only the client was captured, its texts must be convincing; a server alone never is.
struct PickUp {
    enum Answer {
        case undecided
        case convinced(client: Direction)
        /// The connection is TLS.
        case encrypted
        case hopeless
    }

    private(set) var held = HeldBytes()
    private var fromFirst = PickUpSide()
    private var fromSecond = PickUpSide()
    private var failures = 0
    /// Segments that cannot be frames, but begin with a record of TLS.
    private var records = 0

    /// What is convincing, both directions together.
    private static let enoughFrames = 3
    private static let enoughWeight = 28
    private static let mostFailures = 32
    /// The header of each says 20 bits. One may also be the payload of a frame whose header came before the capture.
    private static let enoughRecords = 2
    private static let mostHeldBytes = 64 << 10

    /// Frames that speak for it, and how sure that is in percent.
    var frames: Int { fromFirst.chain.frames + fromSecond.chain.frames }
    var confidence: Int {
        let weight = fromFirst.chain.weight + fromSecond.chain.weight
        return min(99, 100 - 100 / (1 + weight * weight / 64))
    }

    mutating func receive(_ bytes: RawSpan, _ direction: Direction, in packet: PacketHeader) -> Answer {
        let isPlausible =
            switch direction {
            case .fromFirst: fromFirst.receive(bytes, direction, in: packet, holdingIn: &held)
            case .fromSecond: fromSecond.receive(bytes, direction, in: packet, holdingIn: &held)
            }
        if !isPlausible {
            failures += 1
            if TLSRecord.begin(bytes) { records += 1 }
            if records >= PickUp.enoughRecords { return .encrypted }
        }
        guard failures <= PickUp.mostFailures else { return .hopeless }
        if let client { return .convinced(client: client) }
        return held.cost > PickUp.mostHeldBytes ? .hopeless : .undecided
    }

    /// Bytes are missing: what comes next does not continue what was seen.
    mutating func forget(_ direction: Direction) {
        held.remove(direction)
        switch direction {
        case .fromFirst: fromFirst.forget()
        case .fromSecond: fromSecond.forget()
        }
    }

    /// The direction of the client, once there is no doubt.
    private var client: Direction? {
        if !fromFirst.isBroken, !fromSecond.isBroken, fromFirst.chain.frames > 0, fromSecond.chain.frames > 0 {
            guard let isFirstMasked = fromFirst.chain.isMasked, let isSecondMasked = fromSecond.chain.isMasked,
                isFirstMasked != isSecondMasked, frames >= PickUp.enoughFrames,
                fromFirst.chain.weight + fromSecond.chain.weight >= PickUp.enoughWeight
            else { return nil }
            return isFirstMasked ? .fromFirst : .fromSecond
        }
        if fromFirst.isConvincingClient, !fromSecond.hasSpoken { return .fromFirst }
        return fromSecond.isConvincingClient && !fromFirst.hasSpoken ? .fromSecond : nil
    }
}
