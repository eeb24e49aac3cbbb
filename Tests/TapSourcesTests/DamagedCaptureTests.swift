import TapSources
import TapTestSupport
import Testing

@Suite("a capture file damaged at random")
struct DamagedCaptureTests {
    @Test("is read to some end, which no buffer size changes", arguments: 0..<20)
    func damage(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let samples = CaptureSample.all.map(\.file.bytes).filter { $0.count < 10_000 }
        let file = try TemporaryFile()
        for _ in 0..<250 {
            var bytes = samples.randomElement(using: &random) ?? []
            for _ in 0..<Int.random(in: 1...6, using: &random) { DamagedCaptureTests.damage(&bytes, &random) }
            try file.replace(bytes)
            let capture = ReadCapture(path: file.path)
            let piecewise = ReadCapture(path: file.path, bufferSize: Int.random(in: 1...64, using: &random))
            #expect(capture == piecewise)
            // No packet takes fewer bytes than the shortest block that holds one.
            #expect(capture.packets.count <= bytes.count / 16)
            #expect(capture.packets.allSatisfy { $0.bytes.count <= $0.originalLength })
            if let offset = capture.error?.offset { #expect(offset <= bytes.count) }
        }
    }

    private static func damage(_ bytes: inout [UInt8], _ random: inout SeededGenerator) {
        guard !bytes.isEmpty else { return }
        let place = Int.random(in: bytes.indices, using: &random)
        switch Int.random(in: 0..<6, using: &random) {
        case 0: bytes[place] = UInt8.random(in: 0...255, using: &random)
        case 1: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
        case 2: bytes.replaceSubrange(place..<min(place + 4, bytes.count), with: [0xFF, 0xFF, 0xFF, 0xFF])
        case 3: bytes.remove(at: place)
        case 4: bytes.insert(contentsOf: bytes[place..<min(place + 40, bytes.count)], at: place)
        case _: bytes.replaceSubrange(place..<min(place + 4, bytes.count), with: [0, 0, 0, 0])
        }
    }
}
