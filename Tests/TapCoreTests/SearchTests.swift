import TapCore
import TapTestSupport
import Testing

@Suite("Searching bytes")
struct SearchTests {
    @Test("a byte is found where an array finds it, from every place on", arguments: [0, 1, 7, 8, 31, 32, 33, 100])
    func agrees(length: Int) {
        // Few values, so that each stands in several places.
        let bytes = SeededGenerator.bytes(length, seed: length).map { $0 % 16 }
        for byte: UInt8 in 0...16 {
            for start in 0...length + 1 {
                let found = bytes.span.bytes.firstIndex(of: byte, from: start)
                #expect(found == bytes.indices.first { $0 >= start && bytes[$0] == byte })
            }
        }
    }

    @Test("nothing is found behind the end of a part")
    func part() {
        let bytes = Array("name: value".utf8)
        let found = bytes.span.bytes.upTo(4).firstIndex(of: UInt8(ascii: ":"))
        #expect(found == nil)
    }
}
