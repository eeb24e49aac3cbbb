import TapCore

/// What only few flows have to remember, and others for a short time.
@usableFromInline
final class UnusualFlow {
    /// A FIN, and how far its direction had come.
    @usableFromInline
    struct Finish {
        @usableFromInline let packet: PacketHeader
        /// What it acknowledges of the peer.
        let acknowledged: SequenceNumber?
        /// What is to be said of it where it is not believed.
        let ignored: IgnoredSegment
        /// Where the bytes ended that the capture held when it came.
        @usableFromInline let knownEnd: SequenceNumber
    }

    /// What had the same ports before, where that was seen.
    @exclusivity(unchecked) @usableFromInline var former: FormerConnection?
    /// The network of the second direction, where it is another one than that of the first.
    @exclusivity(unchecked) @usableFromInline var networkFromSecond: NetworkID?
    /// A RST of which it is not known yet whether it was believed.
    @usableFromInline var reset: DoubtedReset? {
        get { resets.first }
        set { resets = newValue.map { [$0] } ?? [] }
    }
    /// A SYN that may open a new connection on the same ports, and who sent it.
    @usableFromInline var claim: ClaimedStart? {
        get { claims.first }
        set { claims = newValue.map { [$0] } ?? [] }
    }
    /// Windows that are closed, one of each peer at most.
    @exclusivity(unchecked) var closings: [WindowClosing] = []
    // Nothing here is changed while it is read: to check that at run time would cost each connection that ends.
    // None or one of each, in memory of their own: hardly ever is there any.
    @exclusivity(unchecked) private var resets: [DoubtedReset] = []
    @exclusivity(unchecked) private var claims: [ClaimedStart] = []
    @exclusivity(unchecked) private var finishFromFirst: Finish?
    @exclusivity(unchecked) private var finishFromSecond: Finish?

    init() {}

    @usableFromInline
    subscript(finish direction: Direction) -> Finish? {
        get { direction == .fromFirst ? finishFromFirst : finishFromSecond }
        set { if direction == .fromFirst { finishFromFirst = newValue } else { finishFromSecond = newValue } }
    }

    /// Whether a RST or a SYN came of which it is not known whether it was believed.
    var isInDoubt: Bool { !resets.isEmpty || !claims.isEmpty }

    /// What is kept of segments in doubt costs, in bytes.
    var cost: Int {
        (reset.map { $0.stored.cost + $0.waitingCost } ?? 0) + (claim?.stored.cost ?? 0)
    }

    /// Changes what is in doubt, and counts what that costs.
    func change(_ budget: inout HeldBudget, _ change: (UnusualFlow) -> Void) {
        budget.used -= cost
        change(self)
        budget.used += cost
    }

    /// Nothing is in doubt any more.
    func settle(_ budget: inout HeldBudget) {
        budget.used -= cost
        reset = nil
        claim = nil
        finishFromFirst = nil
        finishFromSecond = nil
    }

    /// Whether there is anything left to remember.
    var isNeeded: Bool {
        former != nil || networkFromSecond != nil || !closings.isEmpty || !resets.isEmpty || !claims.isEmpty
            || finishFromFirst != nil
            || finishFromSecond != nil
    }
}
