/// An array that grows without being copied: its elements lie in chunks of equal length, each of which stays where it is.
///
/// Where an array doubles, the old and the new one take memory at the same time, and half of the new one is not used yet.
@usableFromInline
package struct ChunkedArray<Element> {
    /// All but the last are full.
    @usableFromInline var chunks: [[Element]] = []

    @inlinable package init() {}

    /// A power of two, so that a place is found without a division.
    @inlinable static var lengthBits: Int { 10 }
    @inlinable static var length: Int { 1 << lengthBits }

    @inlinable
    package var count: Int {
        guard let last = chunks.last else { return 0 }
        return (chunks.count - 1) << Self.lengthBits + last.count
    }

    @inlinable
    package subscript(index: Int) -> Element {
        @inline(__always) _read { yield chunks[index &>> Self.lengthBits][index & (Self.length - 1)] }
        @inline(__always) _modify { yield &chunks[index &>> Self.lengthBits][index & (Self.length - 1)] }
    }

    @inlinable
    package mutating func append(_ element: consuming Element) {
        if chunks.last.map({ $0.count == Self.length }) ?? true {
            var chunk: [Element] = []
            chunk.reserveCapacity(Self.length)
            chunks.append(chunk)
        }
        chunks[chunks.count - 1].append(element)
    }

    @inlinable
    package mutating func popLast() -> Element? {
        guard !chunks.isEmpty else { return nil }
        let element = chunks[chunks.count - 1].popLast()
        if chunks[chunks.count - 1].isEmpty { chunks.removeLast() }
        return element
    }
}
