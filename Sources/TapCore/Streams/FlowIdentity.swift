/// What distinguishes a TCP connection from all others at one time, its endpoints and their network, and where it begins, which
/// a copy has in common with it.
@usableFromInline
package struct FlowIdentity: Hashable, Sendable, Codable {
    package let key: FlowKey
    /// The number of the first segment that was seen. It stands here since it fills a gap: there are up to a million.
    package let initial: SequenceNumber
    /// The network of the first segment; the way back may lead over another one.
    package let network: NetworkID
    /// When that segment was captured.
    package let opened: Timestamp

    @usableFromInline
    package init(
        _ key: FlowKey, in network: NetworkID = .unnamed, from initial: SequenceNumber = SequenceNumber(0),
        at opened: Timestamp = Timestamp(nanoseconds: 0)
    ) {
        self.key = key
        self.initial = initial
        self.network = network
        self.opened = opened
    }
}
