/// Elements in the order in which they came, of which the first go first.
struct RecentQueue<Element: Sendable>: Sendable {
    /// What has gone leaves room that is used again, so that no element is moved more than once for each that goes.
    private var elements: [Element?] = []
    private var gone = 0

    var count: Int { elements.count - gone }

    var first: Element? { gone < elements.count ? elements[gone] : nil }

    var all: [Element] { elements[gone...].compactMap(\.self) }

    mutating func append(_ element: Element) { elements.append(element) }

    mutating func popFirst() -> Element? {
        guard gone < elements.count else { return nil }
        let first = elements[gone].take()
        gone += 1
        if gone > elements.count / 2 {
            elements.removeFirst(gone)
            gone = 0
        }
        return first
    }

    /// Keeps those that something holds for.
    mutating func keep(where isKept: (Element) -> Bool) {
        elements = elements[gone...].filter { $0.map(isKept) ?? false }
        gone = 0
    }
}
