import TapBytes
import TapStreams

/// What one direction of a connection looks like whose handshake was not captured.
struct PickUpSide {
    private(set) var chain = FrameChain()
    /// Whether it has sent anything at all.
    private(set) var hasSpoken = false
    /// Whether its last bytes were no frames, or some are missing after them.
    private(set) var isBroken = true

    private static let enoughTexts = 3
    private static let enoughTextWeight = 40

    /// Whether it is a client's, by itself. Masks that turn bytes into readable text, each another one, are hard to come
    /// by; a type and a length before a text, as a server's frame has them, are not.
    var isConvincingClient: Bool {
        !isBroken && chain.isMasked == true && chain.texts >= PickUpSide.enoughTexts
            && chain.textWeight >= PickUpSide.enoughTextWeight
    }

    /// Takes a segment: the next of the chain, or where that is broken the first of a new one. Keeps what may be frames
    /// in `held`; answers whether it may.
    mutating func receive(
        _ bytes: RawSpan, _ direction: Direction, in packet: PacketHeader, holdingIn held: inout HeldBytes
    ) -> Bool {
        hasSpoken = true
        if isBroken || !chain.receive(bytes) {
            held.remove(direction)
            chain = FrameChain()
            isBroken = !chain.receive(bytes)
        }
        if !isBroken { held.append(bytes, direction, in: packet) }
        return !isBroken
    }

    /// Bytes are missing: what comes next does not continue what was seen.
    mutating func forget() { isBroken = true }
}
