/// Values in one array, each at a place that does not move and is used again after its removal.
struct Slots<Element> {
    private var elements: [Element] = []
    private var free: [Int] = []
    private let empty: Element

    /// - Parameter empty: what stands at a free place; it should own nothing.
    init(empty: Element) { self.empty = empty }

    subscript(place: Int) -> Element {
        _read { yield elements[place] }
        _modify { yield &elements[place] }
    }

    /// How many places are taken.
    var count: Int { elements.count - free.count }

    mutating func insert(_ element: Element) -> Int {
        if let place = free.popLast() {
            elements[place] = element
            return place
        }
        elements.append(element)
        return elements.count - 1
    }

    mutating func remove(at place: Int) {
        elements[place] = empty
        free.append(place)
    }
}
