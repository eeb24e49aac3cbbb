/// How packets are captured from an interface.
public struct LiveOptions: Sendable {
    /// The memory that the kernel may fill with packets not yet read, in bytes.
    public var bufferSize = 16 << 20
    /// Whether packets that are not for this machine are captured too.
    public var promiscuous = false
    /// The most bytes that are captured of a packet. Packets on loopback are often far longer than the MTU.
    public var snapshotLength = 262_144
    /// What the kernel shall let through, in the language of pcap-filter(7).
    public var filter: String?
    /// Whether each packet is given at once, and not up to 10 ms later together with others.
    ///
    /// At once costs: the kernel then sets a whole snapshot length aside for each packet, so that the default buffer
    /// holds 64 packets and not 65,536 small ones, and all others of a burst are lost.
    public var immediate = false

    public init() {}
}
