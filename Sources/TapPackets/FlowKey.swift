/// The two endpoints of a TCP connection, the lower one first, so that both directions have the same key.
public struct FlowKey: Hashable, Sendable {
    public let first: Endpoint
    public let second: Endpoint

    /// The key of a segment from `source` to `destination`.
    @inlinable
    public init(_ source: Endpoint, _ destination: Endpoint) {
        let inOrder = source < destination
        first = inOrder ? source : destination
        second = inOrder ? destination : source
    }

    /// A fast hash for tables of our own; `seed` keeps an attacker from choosing addresses that collide.
    @inlinable
    package func hash(seed: UInt64) -> UInt64 {
        var state = seed
        // The ports have a round of their own: mixed into an address, they could cancel what it changes.
        state = FlowKey.mix(state, UInt64(first.port) << 16 | UInt64(second.port))
        state = FlowKey.mix(state, first.address.high)
        state = FlowKey.mix(state, first.address.low)
        state = FlowKey.mix(state, second.address.high)
        state = FlowKey.mix(state, second.address.low)
        return state
    }

    /// One round: a full multiplication folded onto itself, so that every bit of the input reaches every bit of the state.
    @inlinable
    package static func mix(_ state: UInt64, _ word: UInt64) -> UInt64 {
        let product = (state ^ word).multipliedFullWidth(by: 0x9E37_79B9_7F4A_7C15)
        return (product.high ^ product.low) &+ 0xD6E8_FEB8_6659_FD93
    }
}
