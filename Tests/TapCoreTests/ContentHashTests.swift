import TapCore
import Testing

@Suite("Hashes of contents")
struct ContentHashTests {
    private static func hash(_ pieces: [[UInt8]]) -> UInt64 {
        var hash = ContentHash()
        for piece in pieces { hash.add(piece.span.bytes) }
        return hash.value
    }

    @Test("are the same wherever a content is cut")
    func cuts() {
        let bytes = (0..<70).map { UInt8($0 &* 37 & 0xFF) }
        let whole = Self.hash([bytes])
        #expect(Self.hash(bytes.map { [$0] }) == whole)
        for first in 0...bytes.count {
            for second in first...bytes.count {
                let pieces = [Array(bytes[..<first]), Array(bytes[first..<second]), Array(bytes[second...])]
                #expect(Self.hash(pieces) == whole)
            }
        }
    }

    @Test("are others of other contents, also where only zeros are more")
    func others() {
        let contents: [[UInt8]] =
            (0..<40).map { [UInt8](repeating: 0, count: $0) }
            + (0..<40).map { place in
                (0..<40).map { $0 == place ? 1 : 0 }
            }
        #expect(Set(contents.map { Self.hash([$0]) }).count == contents.count)
    }
}
