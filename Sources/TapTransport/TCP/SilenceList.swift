import TapCore

/// The ends of a list of flows, those that were silent for long first. The links lie in the flows themselves.
@usableFromInline
struct SilenceList {
    @usableFromInline var oldest: Int32 = -1
    @usableFromInline var newest: Int32 = -1

    init() {}

    @inlinable
    mutating func append(_ place: Int, in flows: inout ChunkedArray<TCPFlow>) {
        flows[place].previous = newest
        flows[place].next = -1
        if newest >= 0 { flows[Int(newest)].next = Int32(place) } else { oldest = Int32(place) }
        newest = Int32(place)
    }

    @inlinable
    mutating func remove(_ place: Int, in flows: inout ChunkedArray<TCPFlow>) {
        let (previous, next) = (flows[place].previous, flows[place].next)
        if previous >= 0 { flows[Int(previous)].next = next } else { oldest = next }
        if next >= 0 { flows[Int(next)].previous = previous } else { newest = previous }
    }

    @inlinable
    mutating func moveToEnd(_ place: Int, in flows: inout ChunkedArray<TCPFlow>) {
        guard Int(newest) != place else { return }
        remove(place, in: &flows)
        append(place, in: &flows)
    }
}
