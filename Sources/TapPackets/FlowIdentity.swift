/// What tells a TCP connection from all others at one time: its endpoints, and the network that they are in.
@usableFromInline
package struct FlowIdentity: Equatable, Sendable {
    package let key: FlowKey
    /// The network of the first segment; the way back may lead over another one.
    package let network: NetworkID

    @usableFromInline
    package init(_ key: FlowKey, in network: NetworkID = .unnamed) {
        self.key = key
        self.network = network
    }
}
