import TapCore
import TapTestSupport
import TapWebSocket
import Testing

@Suite("How far back compressed data refers")
struct DeflateWalkTests {
    struct Extent: Equatable {
        var length: UInt64
        var distance: Int
    }

    private static func walk(_ pieces: [[UInt8]]) -> Extent {
        var walk = DeflateWalk()
        for piece in pieces { walk.receive(piece.span.bytes) }
        return Extent(length: walk.length, distance: walk.largestDistance)
    }

    /// What zlib inflates a stream of blocks to; `nil` where it does not, with a window of so many bits and no more.
    private static func inflate(_ bytes: [UInt8], windowBits: Int) throws -> [UInt8]? {
        let inflater = try #require(InflaterPool(limit: 1).make(windowBits: windowBits))
        var output: [UInt8] = []
        // With more room, zlib finds in its output what the window no longer holds.
        var (room, offset) = ([UInt8](repeating: 0, count: 1), 0)
        while true {
            let (count, progress) = inflater.inflate(bytes.span.bytes, from: &offset, into: &room)
            output += room[..<count]
            if case .failed = progress { return nil }
            if progress == .waiting { return output }
        }
    }

    /// Text, bytes at random and repetitions from near and far, in blocks of all kinds.
    private static func stream(seed: Int) -> (plain: [UInt8], compressed: [UInt8]) {
        var generator = SeededGenerator(seed: seed)
        let deflater = Deflater(
            windowBits: Int.random(in: 8...15, using: &generator),
            level: [0, 1, 6, 9].randomElement(using: &generator) ?? 6)
        var (plain, compressed): ([UInt8], [UInt8]) = ([], [])
        for _ in 0..<Int.random(in: 1...6, using: &generator) {
            var part: [UInt8] = []
            for _ in 0..<Int.random(in: 0...8, using: &generator) {
                switch Int.random(in: 0..<4, using: &generator) {
                case 0: part += Array("the same words again and again, number \(seed)".utf8)
                case 1: part += generator.bytes(generator.length(upTo: 600))
                case 2: part += [UInt8](repeating: 7, count: generator.length(upTo: 900))
                default:
                    let start = Int.random(in: 0...plain.count, using: &generator)
                    part += plain[start...].prefix(generator.length(upTo: 500))
                }
            }
            plain += part
            compressed += generator.oneIn(4) ? deflater.final(part) : deflater.part(part)
        }
        return (plain, compressed)
    }

    @Test(
        "is walked to the length that zlib inflates it to, and no further back than a window that zlib needs",
        arguments: 0..<60)
    func agrees(seed: Int) throws {
        let (plain, compressed) = DeflateWalkTests.stream(seed: seed)
        let extent = DeflateWalkTests.walk([compressed])
        #expect(extent.length == UInt64(plain.count))
        for bits in 8...15 {
            let isEnough = try DeflateWalkTests.inflate(compressed, windowBits: bits) == plain
            #expect(isEnough == (extent.distance <= 1 << bits), "\(bits) bits, \(extent.distance) bytes back")
        }
    }

    @Test("does not depend on where the data is cut", arguments: 0..<12)
    func cuts(seed: Int) {
        let compressed = Array(DeflateWalkTests.stream(seed: seed).compressed.prefix(900))
        #expect(CutVerifier.disagreements(on: compressed, decode: DeflateWalkTests.walk) == [])
    }

    @Test(
        "is told exactly",
        arguments: [
            1, 2, 3, 4, 5, 6, 7, 8, 9, 12, 13, 255, 256, 257, 258, 511, 512, 513, 1_024, 1_025, 4_096, 4_097, 16_384,
            16_385,
            32_767, 32_768,
        ])
    func exact(distance: Int) throws {
        var writer = DeflateWriter()
        writer.begin()
        for place in 0..<distance { writer.literal(UInt8(truncatingIfNeeded: place &* 37)) }
        writer.reference(back: distance)
        writer.end()
        writer.begin(isLast: true)
        writer.reference(back: max(1, distance / 2))
        writer.end()
        let extent = DeflateWalkTests.walk([writer.bytes])
        #expect(extent == Extent(length: UInt64(distance + 6), distance: distance))
        #expect(try DeflateWalkTests.inflate(writer.bytes, windowBits: 15)?.count == distance + 6)
    }

    @Test("counts anew for each message, and blocks go on")
    func messages() {
        var writer = DeflateWriter()
        writer.begin()
        for _ in 0..<9 { writer.literal(1) }
        writer.reference(back: 9)
        let end = writer.bytes.count
        writer.reference(back: 4)
        writer.end()
        var walk = DeflateWalk()
        let (first, rest) = (Array(writer.bytes[..<end]), Array(writer.bytes[end...]))
        walk.receive(first.span.bytes)
        let before = walk.length
        walk.begin()
        #expect(walk.length == 0 && walk.largestDistance == 0)
        walk.receive(rest.span.bytes)
        #expect(before + walk.length == 15 && walk.largestDistance >= 4)
    }

    @Test("what is damaged is walked as zlib inflates it, or neither gets through it", arguments: 0..<200)
    func damaged(seed: Int) throws {
        var generator = SeededGenerator(seed: seed)
        var (_, compressed) = DeflateWalkTests.stream(seed: seed)
        for _ in 0..<Int.random(in: 1...3, using: &generator) where !compressed.isEmpty {
            let place = Int.random(in: 0..<min(compressed.count, 300), using: &generator)
            compressed[place] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
        }
        let extent = DeflateWalkTests.walk([compressed])
        if let plain = try DeflateWalkTests.inflate(compressed, windowBits: 15) {
            #expect(extent.length == UInt64(plain.count))
        }
    }

    @Test("bytes at random are walked to an end", arguments: 0..<200)
    func random(seed: Int) throws {
        let bytes = SeededGenerator.bytes(400, seed: seed)
        let extent = DeflateWalkTests.walk([bytes])
        #expect(DeflateWalkTests.walk(bytes.map { [$0] }) == extent)
        if let plain = try DeflateWalkTests.inflate(bytes, windowBits: 15) {
            #expect(extent.length == UInt64(plain.count))
        }
    }
}
