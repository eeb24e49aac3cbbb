import TapCore
import Testing

@Suite("Hex")
struct HexTests {
    @Test("writes two lower-case digits for a byte", arguments: UInt8.min ... .max)
    func byte(value: UInt8) {
        var output: [UInt8] = []
        Hex.append(value, to: &output)
        let digits = String(value, radix: 16)
        #expect(String(decoding: output, as: UTF8.self) == (value < 16 ? "0" : "") + digits)
    }

    @Test("writes bytes one after the other")
    func string() {
        #expect(Hex.string([]) == "")
        #expect(Hex.string([0x00, 0xDE, 0xAD, 0x0F]) == "00dead0f")
    }

    @Test("a digit looks at the low four bits only")
    func digit() {
        #expect(Hex.digit(0xFA) == UInt8(ascii: "a"))
        #expect(Hex.digit(0x10) == UInt8(ascii: "0"))
    }
}
