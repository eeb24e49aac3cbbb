import TapCore

/// Values, each at a place that does not move and is used again after its removal.
struct Slots<Element>: ~Copyable {
    private var elements = ChunkedArray<Element>()
    private var free = ChunkedArray<Int32>()
    private let empty: Element

    /// - Parameter empty: what stands at a free place; it should own nothing.
    init(empty: Element) { self.empty = empty }

    subscript(place: Int32) -> Element {
        _read { yield elements[Int(place)] }
        _modify { yield &elements[Int(place)] }
    }

    /// Those that are taken, and those that were.
    var places: Range<Int32> { 0..<Int32(elements.count) }

    /// There are at most as many as flows, of which the flow table can count no more than fit 32 bits.
    mutating func insert(_ element: consuming Element) -> Int32 {
        if let place = free.popLast() {
            elements[Int(place)] = element
            return place
        }
        elements.append(element)
        return Int32(elements.count - 1)
    }

    mutating func remove(at place: Int32) {
        elements[Int(place)] = empty
        free.append(place)
    }
}
