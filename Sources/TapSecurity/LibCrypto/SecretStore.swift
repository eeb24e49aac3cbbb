import COpenSSL
import TapCore

/// Many secrets in chunks of memory that is wiped when the store goes away. A secret stays where it is.
final class SecretStore {
    private var chunks: [UnsafeMutableRawBufferPointer] = []
    private var free = 0

    static var chunkLength: Int { 1 << 16 }

    deinit {
        for chunk in chunks {
            OPENSSL_cleanse(chunk.baseAddress, chunk.count)
            chunk.deallocate()
        }
    }

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
            chunks.append(.allocate(byteCount: Self.chunkLength, alignment: 16))
            free = 0
        }
        guard let chunk = chunks.last else { return nil }
        let room = UnsafeMutableRawBufferPointer(rebasing: chunk[free...])
        bytes.withUnsafeBytes { room.copyMemory(from: $0) }
        defer { free += bytes.byteCount }
        return Place(
            chunk: UInt32(chunks.count - 1), offset: UInt16(truncatingIfNeeded: free),
            count: UInt16(truncatingIfNeeded: bytes.byteCount))
    }

    func secret(at place: Place) -> Secret { Secret(copying: RawSpan(_unsafeBytes: bytes(at: place))) }

    func holds(_ secret: [UInt8], at place: Place) -> Bool { bytes(at: place).elementsEqual(secret) }

    func appendHex(at place: Place, to text: inout [UInt8]) {
        for byte in bytes(at: place) { Hex.append(byte, to: &text) }
    }

    private func bytes(at place: Place) -> UnsafeRawBufferPointer {
        let start = Int(place.offset)
        return UnsafeRawBufferPointer(rebasing: chunks[Int(place.chunk)][start..<start + Int(place.count)])
    }
}
