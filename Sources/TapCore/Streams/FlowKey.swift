/// The two endpoints of a TCP connection, the lower one first, so that both directions have the same key.
public struct FlowKey: Hashable, Sendable, Codable {
    // The ports behind the addresses, so that there are no gaps between them: there are keys of up to a million flows.

    @usableFromInline package let firstAddress: IPAddress
    @usableFromInline package let secondAddress: IPAddress
    @usableFromInline package let firstPort: UInt16
    @usableFromInline package let secondPort: UInt16

    @inlinable public var first: Endpoint { Endpoint(address: firstAddress, port: firstPort) }
    @inlinable public var second: Endpoint { Endpoint(address: secondAddress, port: secondPort) }

    /// The key of a segment from `source` to `destination`.
    @inlinable
    public init(_ source: Endpoint, _ destination: Endpoint) {
        let inOrder = source < destination
        let (first, second) = inOrder ? (source, destination) : (destination, source)
        self.init(first: first, second: second)
    }

    /// The key of two endpoints that are in order: `first` is not the greater one.
    @inlinable
    package init(first: Endpoint, second: Endpoint) {
        firstAddress = first.address
        secondAddress = second.address
        firstPort = first.port
        secondPort = second.port
    }

    /// Both ports in one word.
    @inlinable var ports: UInt32 { UInt32(firstPort) | UInt32(secondPort) << 16 }

    /// What differs most often is compared first.
    @inlinable
    public static func == (left: FlowKey, right: FlowKey) -> Bool {
        left.ports == right.ports && left.firstAddress.low == right.firstAddress.low
            && left.secondAddress.low == right.secondAddress.low && left.firstAddress.high == right.firstAddress.high
            && left.secondAddress.high == right.secondAddress.high
    }

    /// Who sends in a direction, and who receives.
    @inlinable
    package func peers(_ direction: Direction) -> (sender: Endpoint, receiver: Endpoint) {
        direction == .fromFirst ? (first, second) : (second, first)
    }

    /// A fast hash for tables of our own; `seed` keeps an attacker from choosing addresses that collide.
    ///
    /// The ports have a round of their own: mixed into an address, they could cancel what it changes.
    @inlinable
    @inline(__always)
    package func hash(seed: UInt64) -> UInt64 {
        let upper = FlowKey.mix(firstAddress.high ^ seed, secondAddress.high ^ 0xA076_1D64_78BD_642F)
        let lower = FlowKey.mix(firstAddress.low ^ upper, secondAddress.low ^ ~seed)
        return FlowKey.mix(lower ^ seed, (UInt64(firstPort) << 16 | UInt64(secondPort)) ^ 0x9E37_79B9_7F4A_7C15)
    }

    /// The same for what has this key in one network: the same endpoints may be in use in many.
    @inlinable
    @inline(__always)
    package func hash(seed: UInt64, in network: NetworkID) -> UInt64 { hash(seed: seed ^ network.rawValue) }

    /// Into how many parts connections can be divided that have nothing to do with one another: a power of two.
    @inlinable package static var parts: Int { 2 }

    /// By what connections are divided, among threads and among shards. Depends only on the endpoints, so it can be computed
    /// from any packet.
    @inlinable
    package var spread: UInt64 {
        FlowKey.spread(
            addresses: first.address.high ^ second.address.high ^ first.address.low ^ second.address.low,
            ports: first.port ^ second.port)
    }

    /// The same by what differs between the addresses of both endpoints, and between their ports.
    @inlinable
    @inline(__always)
    package static func spread(addresses: UInt64, ports: UInt16) -> UInt64 {
        (addresses ^ UInt64(ports) << 32) &* 0x9E37_79B9_7F4A_7C15
    }

    /// The part that the connection belongs to.
    @inlinable
    package var part: Int { FlowKey.part(spread) }

    /// The part by the highest bit.
    @inlinable
    @inline(__always)
    package static func part(_ spread: UInt64) -> Int { Int(truncatingIfNeeded: spread >> 63) }

    /// One of so many shards, by the bits below the highest: so the connections of a shard are of all parts.
    package static func shard(_ spread: UInt64, of count: Int) -> Int {
        Int(truncatingIfNeeded: (spread << 1).multipliedFullWidth(by: UInt64(count)).high)
    }

    /// A full multiplication folded onto itself, so that every bit of both reaches every bit of the result.
    @inlinable
    @inline(__always)
    package static func mix(_ one: UInt64, _ other: UInt64) -> UInt64 {
        let product = one.multipliedFullWidth(by: other)
        return product.high ^ product.low
    }
}
