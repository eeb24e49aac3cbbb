import TapCore

/// The flows of one part that are not yet known to be WebSocket or not, oldest first. Those that are decided by now are
/// removed lazily.
struct UndecidedFlows {
    struct Entry {
        /// The index in the flow table; a negative one is among the streams that TLS carries.
        fileprivate let place: Int32
        /// Places are used again: which of all conversations it was.
        let stamp: UInt32

        func flow(_ part: Int) -> FlowID {
            place < 0 ? FlowID(Int(~place), part: FlowKey.parts + part) : FlowID(Int(place), part: part)
        }
    }

    private var entries: [Entry] = []
    private var head = 0
    private var last: UInt32 = 0

    /// How many are looked at for one that may be given up.
    static let mostLooks = 64
    /// How many of them for one that holds nothing.
    static let looksForEmpty = 8
    /// How many may stand there in vain before it pays to look.
    static let spare = 1_024

    init() {}

    var count: Int { entries.count - head }

    /// Adds a flow; answers its stamp.
    mutating func append(_ flow: FlowID) -> UInt32 {
        last &+= 1
        let place = Int32(flow.index)
        entries.append(Entry(place: flow.part < FlowKey.parts ? place : ~place, stamp: last))
        return last
    }

    mutating func append(_ entry: Entry) { entries.append(entry) }

    mutating func popFirst() -> Entry? {
        guard head < entries.count else { return nil }
        defer {
            head += 1
            if head >= UndecidedFlows.spare, head * 2 >= entries.count {
                entries.removeFirst(head)
                head = 0
            }
        }
        return entries[head]
    }
}
