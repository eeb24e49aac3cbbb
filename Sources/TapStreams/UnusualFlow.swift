import TapPackets

/// What only few flows have to remember.
@usableFromInline
final class UnusualFlow {
    /// What had the same ports before, where that was seen.
    @usableFromInline var former: FormerConnection?
    /// The network of the second direction, where it is another one than that of the first.
    @usableFromInline var networkFromSecond: NetworkID?

    init() {}
}
