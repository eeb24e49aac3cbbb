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

    @inlinable package var count: Int { chunks.isEmpty ? 0 : (chunks.count - 1) << Self.lengthBits + lastCount }

    @inlinable var lastCount: Int { chunks[chunks.count - 1].count }

    @inlinable
    package subscript(index: Int) -> Element {
        @inline(__always) _read { yield chunks[index &>> Self.lengthBits][index & (Self.length - 1)] }
        @inline(__always) _modify { yield &chunks[index &>> Self.lengthBits][index & (Self.length - 1)] }
    }

    @inlinable
    package mutating func append(_ element: consuming Element) {
        if chunks.isEmpty || lastCount == Self.length {
            var chunk: [Element] = []
            chunk.reserveCapacity(Self.length)
            chunks.append(chunk)
        }
        chunks[chunks.count - 1].append(element)
    }

    @inlinable
    package mutating func popLast() -> Element? {
        guard !chunks.isEmpty else { return nil }
        let element = chunks[chunks.count - 1].removeLast()
        if lastCount == 0 { chunks.removeLast() }
        return element
    }
}
