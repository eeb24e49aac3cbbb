import TapCore

/// Flows in named networks by their endpoints alone: where a segment comes from another network than its flow was seen in, they
/// are what it may belong to.
///
/// The same endpoints may be in use in thousands of networks. Only some of those flows are known here, those that were opened
/// last, so that what a segment costs does not grow with their number.
@usableFromInline
struct FlowNeighbours {
    private var index = FlowIndex()

    /// Flows with the same endpoints that are known.
    private static let limit = 64

    init() {}

    /// The place of a flow with this key that fits.
    func find(
        _ key: FlowKey, of flows: borrowing ChunkedArray<TCPFlow>, where fits: (borrowing TCPFlow) -> Bool
    ) -> Int? {
        index.isEmpty ? nil : index.find(key, in: .unnamed, of: flows, where: fits)
    }

    /// Adds a flow, in the place of the one that was opened first where there are too many with its endpoints.
    mutating func insert(_ place: Int, of flows: borrowing ChunkedArray<TCPFlow>) {
        let key = flows[place].key
        var (count, first) = (0, PacketNumber(.max))
        _ = index.find(key, in: .unnamed, of: flows) { flow in
            count += 1
            if flow.openedIn.rawValue < first.rawValue { first = flow.openedIn }
            return false
        }
        if count >= FlowNeighbours.limit,
            let oldest = index.find(key, in: .unnamed, of: flows, where: { $0.openedIn == first })
        {
            index.remove(key, in: .unnamed, at: oldest)
        }
        index.insert(key, in: .unnamed, at: place)
    }

    /// Takes a flow out, where it is there.
    mutating func remove(_ key: FlowKey, at place: Int) {
        if !index.isEmpty { index.remove(key, in: .unnamed, at: place) }
    }
}
