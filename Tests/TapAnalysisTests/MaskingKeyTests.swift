import TapAnalysis
import TapTestSupport
import TapWebSocket
import Testing

@Suite("Masking keys")
struct MaskingKeyTests {
    struct Row: CustomTestStringConvertible, Sendable {
        /// The keys of the client's frames; a negative one is that of a frame without payload.
        let keys: [Int]
        let findings: [(FindingID, Int)]
        var testDescription: String { "\(keys)" }
    }

    static let rows = [
        Row(keys: [], findings: []),
        Row(keys: [1, 2, 3], findings: []),
        Row(keys: [1, 2, 1, 2], findings: []),
        Row(keys: [0], findings: [(.frameMaskingKeyZero, 1)]),
        Row(keys: [0, 0, 0], findings: [(.frameMaskingKeyZero, 1)]),
        Row(keys: [5, 0, 0], findings: [(.frameMaskingKeyZero, 2)]),
        Row(keys: [5, 5], findings: [(.frameMaskingKeyRepeated, 2)]),
        Row(keys: [5, 5, 5, 6, 6], findings: [(.frameMaskingKeyRepeated, 2)]),
        Row(keys: [0, 5, 5, 0], findings: [(.frameMaskingKeyZero, 1), (.frameMaskingKeyRepeated, 3)]),
        Row(keys: [-5, -5, -5], findings: []),
        Row(keys: [5, -5, 5], findings: [(.frameMaskingKeyRepeated, 3)]),
        Row(keys: [5, -6, 5], findings: [(.frameMaskingKeyRepeated, 3)]),
    ]

    @Test("a key of zero, and one that is that of the frame before, are told once", arguments: rows)
    func told(_ row: Row) {
        var conversation = Conversation.upgraded()
        for key in row.keys {
            let payload: [UInt8] = key < 0 ? [] : [1]
            conversation.send(FrameBytes(.binary, payload, maskingKey: UInt32(abs(key))), from: .client)
        }
        let found = Observed(conversation).findings.map { "\($0.violation.id.rawValue) at \($0.frame ?? 0)" }
        #expect(found == row.findings.map { "\($0.0.rawValue) at \($0.1)" })
    }

    @Test("what the server masks by mistake is not judged by its keys")
    func server() {
        var conversation = Conversation.upgraded()
        for _ in 0..<2 { conversation.send(FrameBytes(text: "a", maskingKey: 0).bytes, from: .server) }
        #expect(Observed(conversation).ids == [.frameServerMasked, .frameServerMasked])
    }

    @Test("each connection and each client begins anew")
    func connections() {
        var segments: [ScriptedSegment] = []
        for port: UInt16 in 40_000..<40_003 {
            let key = HandshakeBytes.key(SeededGenerator.bytes(16, seed: Int(port)))
            var conversation = Conversation.upgraded(from: port, HandshakeBytes(key: key))
            conversation.send(FrameBytes(text: "a", maskingKey: 7), from: .client)
            segments += conversation.segments
        }
        #expect(Observed(segments).ids == [])
    }
}
