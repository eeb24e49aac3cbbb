import TapCore

/// Many secrets, one behind the other. A secret stays where it is.
final class SecretStore {
    private var chunks: [SecretMemory] = []
    private var free = 0

    static var chunkLength: Int { 1 << 16 }

    /// Where a secret lies.
    struct Place: Equatable {
        fileprivate let chunk: UInt32
        fileprivate let offset: UInt16
        let count: UInt16
    }

    /// Stores a secret of at most ``chunkLength`` bytes less one; returns `nil` where it has more.
    func store(_ bytes: RawSpan) -> Place? {
        guard bytes.byteCount < Self.chunkLength else { return nil }
        if chunks.isEmpty || free + bytes.byteCount > Self.chunkLength {
            chunks.append(SecretMemory(byteCount: Self.chunkLength))
            free = 0
        }
        chunks[chunks.count - 1].write(bytes, at: free)
        defer { free += bytes.byteCount }
        return Place(
            chunk: UInt32(chunks.count - 1), offset: UInt16(truncatingIfNeeded: free),
            count: UInt16(truncatingIfNeeded: bytes.byteCount))
    }

    func secret(at place: Place) -> Secret {
        Secret(in: chunks[Int(place.chunk)], at: Int(place.offset), count: Int(place.count))
    }

    func holds(_ secret: [UInt8], at place: Place) -> Bool { bytes(at: place).elementsEqual(secret) }

    func appendHex(at place: Place, to text: inout [UInt8]) {
        for byte in bytes(at: place) { Hex.append(byte, to: &text) }
    }

    private func bytes(at place: Place) -> UnsafeRawBufferPointer {
        chunks[Int(place.chunk)].bytes(from: Int(place.offset), count: Int(place.count))
    }
}
