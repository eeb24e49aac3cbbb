/// Bounds how many inflaters there are at once.
package final class InflaterPool {
    private let limit: Int
    private(set) package var used = 0

    package init(limit: Int) { self.limit = limit }

    /// Makes an inflater, or answers `nil` where there are too many, or no memory.
    /// - Parameter windowBits: 8 to 15, as agreed on.
    package func make(windowBits: Int) -> Inflater? {
        guard used < limit else { return nil }
        used += 1
        return Inflater(windowBits: windowBits, of: self)
    }

    func giveBack() { used -= 1 }
}
