/// An array that grows without being copied: its elements lie in chunks of equal length, each of which stays where it is.
///
/// Where an array doubles, the old and the new one take memory at the same time, and half of the new one is not used yet.
/// It has one owner, so that changing an element needs no check for other owners: an array of arrays asks
/// twice, which for the flow of each packet was 4 % of following short connections.
@usableFromInline
package struct ChunkedArray<Element>: ~Copyable {
    /// Where each of the chunks begins; all but the last are full.
    @usableFromInline var chunks: UnsafeMutablePointer<UnsafeMutablePointer<Element>>
    private var room = 4
    @usableFromInline package private(set) var count = 0

    package init() { chunks = .allocate(capacity: room) }

    deinit {
        for start in stride(from: 0, to: count, by: Self.length) {
            let chunk = chunks[start &>> Self.lengthBits]
            chunk.deinitialize(count: min(Self.length, count - start))
            chunk.deallocate()
        }
        chunks.deallocate()
    }

    /// A power of two, so that a place is found without a division.
    @inlinable static var lengthBits: Int { 10 }
    @inlinable static var length: Int { 1 << lengthBits }

    @inlinable
    package subscript(index: Int) -> Element {
        @inline(__always) _read { yield element(at: index).pointee }
        @inline(__always) _modify { yield &element(at: index).pointee }
    }

    /// Where an element lies, that there must be.
    @inlinable
    @inline(__always)
    func element(at index: Int) -> UnsafeMutablePointer<Element> {
        precondition(UInt(bitPattern: index) < UInt(bitPattern: count), "no such element")
        return place(of: index)
    }

    @inlinable
    @inline(__always)
    func place(of index: Int) -> UnsafeMutablePointer<Element> {
        chunks[index &>> Self.lengthBits] + index & (Self.length - 1)
    }

    package mutating func append(_ element: consuming Element) {
        if count & (Self.length - 1) == 0 { addChunk() }
        place(of: count).initialize(to: element)
        count += 1
    }

    package mutating func popLast() -> Element? {
        guard count > 0 else { return nil }
        count -= 1
        let element = place(of: count).move()
        if count & (Self.length - 1) == 0 { chunks[count &>> Self.lengthBits].deallocate() }
        return element
    }

    private mutating func addChunk() {
        let number = count &>> Self.lengthBits
        if number == room {
            let larger = UnsafeMutablePointer<UnsafeMutablePointer<Element>>.allocate(capacity: room * 2)
            larger.moveInitialize(from: chunks, count: room)
            chunks.deallocate()
            (chunks, room) = (larger, room * 2)
        }
        (chunks + number).initialize(to: .allocate(capacity: Self.length))
    }
}
