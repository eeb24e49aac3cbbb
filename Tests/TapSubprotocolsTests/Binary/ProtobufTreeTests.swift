import TapSubprotocols
import Testing

@Suite("Protocol Buffers without a schema")
struct ProtobufTreeTests {
    /// The examples of https://protobuf.dev/programming-guides/encoding/
    @Test(
        "the examples of its documentation",
        arguments: [
            ([0x08, 0x96, 0x01], "{1: 150}"), ([0x12, 0x07] + Array("testing".utf8), #"{2: "testing"}"#),
            ([0x1A, 0x03, 0x08, 0x96, 0x01], "{3: {1: 150}}"), ([0x0D, 0, 0, 0xC0, 0x3F], "{1: 1.5}"),
            ([0x09, 0, 0, 0, 0, 0, 0, 0xF8, 0x3F], "{1: 1.5}"), ([0x0A, 0x02, 0xFF, 0xFF], "{1: h'ffff'}"), ([], "{}"),
            (
                [0x08, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01, 0x10, 0x01],
                "{1: 18446744073709551615, 2: 1}"
            ),
        ] as [([UInt8], String)])
    func examples(bytes: [UInt8], text: String) { #expect(ProtobufTree.text(bytes[...]) == text) }

    @Test(
        "what is no message is none",
        arguments: [[0x08], [0x0A, 5, 1], [0x00, 1], [0x0B], [0x0F, 1], [0x0D, 0]] as [[UInt8]])
    func none(bytes: [UInt8]) { #expect(ProtobufTree.text(bytes[...]) == nil) }

    @Test("depth, number and length are bounded")
    func bounded() {
        var deep: [UInt8] = [0x08, 0x01]
        for _ in 0..<30 { deep = [0x0A, UInt8(deep.count)] + deep }
        #expect(ProtobufTree.text(deep[...])?.contains("h'") == true)
        let many = (0..<10_000).flatMap { _ in [0x08, 0x01] as [UInt8] }
        #expect(ProtobufTree.text(many[...]) == nil)
        let long = [0x0A, 0xE8, 0x07] + [UInt8](repeating: 0x61, count: 1_000)
        #expect(ProtobufTree.text(long[...], upTo: 50)?.utf8.count == 53)
    }
}
