import TapCore

/// Watches how far back the messages of one peer refer, where less than the largest window was agreed on. RFC 7692 §7.2.1.
struct WindowWatch {
    /// In bytes.
    let window: Int
    private var walk = DeflateWalk()
    /// How much there is to refer to.
    private var inflated: UInt64 = 0
    private var messageLength: UInt64 = 0
    /// How many bytes were walked of a message that is here as a whole.
    private var walked = 0

    init(windowBits: Int) { window = 1 << windowBits }

    /// Takes bytes of a message, and how many bytes they inflated to.
    mutating func receive(_ bytes: RawSpan, inflatedTo count: Int) {
        note(count)
        walk.receive(bytes)
    }

    /// Takes all that was used so far of a message that is all here, and how many bytes it inflated to since the last time.
    mutating func receive(upToHere bytes: RawSpan, inflatedTo count: Int) {
        note(count)
        // Nothing lies so far back: most messages are that short where there is no context takeover.
        guard inflated > UInt64(window) else { return }
        walk.receive(bytes.from(walked))
        walked = bytes.byteCount
    }

    private mutating func note(_ count: Int) {
        inflated += UInt64(count)
        messageLength += UInt64(count)
    }

    /// The message is over, and was inflated: answers the farthest that it refers back, if that is beyond the window.
    mutating func finishMessage() -> Int? {
        defer {
            walk.begin()
            (messageLength, walked) = (0, 0)
        }
        return walk.length == messageLength && walk.largestDistance > window ? walk.largestDistance : nil
    }

    /// What was inflated before is forgotten.
    mutating func reset() {
        walk = DeflateWalk()
        inflated = 0
    }
}
