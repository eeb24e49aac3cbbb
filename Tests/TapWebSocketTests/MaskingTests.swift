import TapCore
import TapTestSupport
import TapWebSocket
import Testing

@Suite("Masking")
struct MaskingTests {
    @Test("agrees with masking byte by byte, at each length and phase", arguments: 0...40)
    func oracle(length: Int) {
        var generator = SeededGenerator(seed: length)
        let bytes = generator.bytes(length)
        for key in [0, 1, 0xFF00_0000, 0x37FA_213D, UInt32.random(in: 1 ... .max, using: &generator)] {
            for phase in 0..<9 {
                for prefix in [0, 1, 3, 8] {
                    var output = [UInt8](repeating: 0x55, count: prefix)
                    Masking.append(bytes.span.bytes, key: key, phase: UInt64(phase), to: &output)
                    let expected = FrameBytes.masked(bytes, key: key, phase: phase)
                    #expect(output == [UInt8](repeating: 0x55, count: prefix) + expected)
                }
            }
        }
    }

    @Test("masking twice gives the bytes back, in pieces of any size", arguments: [1, 2, 3, 5, 7, 8, 64])
    func pieces(size: Int) {
        let bytes = SeededGenerator.bytes(1_000, seed: size)
        let masked = FrameBytes.masked(bytes, key: 0xDEAD_BEEF)
        var output: [UInt8] = []
        for start in stride(from: 0, to: masked.count, by: size) {
            let piece = Array(masked[start..<min(start + size, masked.count)])
            Masking.append(piece.span.bytes, key: 0xDEAD_BEEF, phase: UInt64(start), to: &output)
        }
        #expect(output == bytes)
    }

    @Test("a phase beyond any array's length is a phase all the same")
    func hugePhase() {
        let bytes: [UInt8] = [1, 2, 3, 4, 5]
        var output: [UInt8] = []
        Masking.append(bytes.span.bytes, key: 0x0102_0304, phase: .max, to: &output)
        #expect(output == FrameBytes.masked(bytes, key: 0x0102_0304, phase: 3))
    }
}
