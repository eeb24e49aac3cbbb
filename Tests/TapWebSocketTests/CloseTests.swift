import TapTestSupport
import TapWebSocket
import Testing

@Suite("Closing")
struct CloseTests {
    @Test(
        "codes may be sent or not",
        arguments: [
            (0, false), (1, false), (999, false), (1_000, true), (1_001, true), (1_003, true), (1_004, false),
            (1_005, false), (1_006, false), (1_007, true), (1_011, true), (1_014, true), (1_015, false),
            (1_016, false), (2_000, false), (2_999, false), (3_000, true), (3_999, true), (4_000, true), (4_999, true),
            (5_000, false), (.max, false),
        ] as [(UInt16, Bool)])
    func allowed(code: UInt16, isAllowed: Bool) {
        #expect(CloseCode(rawValue: code).isAllowedOnWire == isAllowed)
    }

    @Test(
        "codes have names",
        arguments: [
            (999, "invalid"), (1_000, "normal closure"), (1_006, "abnormal closure"), (1_015, "TLS handshake"),
            (1_016, "unassigned"), (2_999, "unassigned"), (3_000, "unauthorized"), (3_001, "registered"),
            (3_999, "registered"), (4_000, "private use"), (4_999, "private use"), (5_000, "invalid"),
        ] as [(UInt16, String)])
    func names(code: UInt16, name: String) {
        #expect(CloseCode(rawValue: code).name == name)
    }

    @Test("every code has a name, and one that may be sent is not invalid")
    func everyName() {
        for value in UInt16.min ... .max {
            let code = CloseCode(rawValue: value)
            if code.name.isEmpty || (code.isAllowedOnWire && code.name == "invalid") { Issue.record("\(value)") }
        }
    }

    struct Body: Sendable {
        let bytes: [UInt8]
        let code: UInt16?
        let reason: String
        let isUTF8: Bool

        init(_ bytes: [UInt8], _ code: UInt16?, _ reason: String, isUTF8: Bool = true) {
            self.bytes = bytes
            self.code = code
            self.reason = reason
            self.isUTF8 = isUTF8
        }
    }

    @Test(
        "bodies are read",
        arguments: [
            Body([], nil, ""),
            Body([0x03], nil, ""),
            Body([0x03, 0xE8], 1_000, ""),
            Body([0x03, 0xE8, 0x62, 0x79, 0x65], 1_000, "bye"),
            Body([0xFF, 0xFF, 0xC3, 0xA9], 65_535, "é"),
            Body([0x03, 0xE8, 0x61, 0x00, 0x62], 1_000, "a\u{0}b"),
            Body([0x03, 0xE8, 0x61, 0xC3], 1_000, "a\u{FFFD}", isUTF8: false),
            Body([0x03, 0xE8, 0xED, 0xA0, 0x80], 1_000, "\u{FFFD}\u{FFFD}\u{FFFD}", isUTF8: false),
            Body([0x03, 0xE8, 0xC0, 0x80], 1_000, "\u{FFFD}\u{FFFD}", isUTF8: false),
        ])
    func bodies(row: Body) {
        for body in [CloseBody(row.bytes), CloseBody(([9, 9] + row.bytes)[2...])] {
            #expect(body.code?.rawValue == row.code)
            #expect(body.reason == row.reason)
            #expect(body.isReasonUTF8 == row.isUTF8)
        }
    }
}
