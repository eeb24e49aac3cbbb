import Foundation
import TapReports
import Testing

@Suite("Payloads in records")
struct PayloadRecordTests {
    @Test(
        "UTF-8 is text, all else base64, and a character that a limit cut is left out",
        arguments: [
            (Array("Zoë".utf8), 4, .full, "Zoë", "utf8", false), ([], 0, .full, "", "utf8", false),
            ([0x61, 0xE2, 0x82], 3, .full, "YeKC", "base64", false), ([0x61, 0xE2, 0x82], 4, .full, "a", "utf8", true),
            ([0x61, 0xE2, 0x41], 4, .full, "YeJB", "base64", true), ([0xC0, 0xAF], 2, .full, "wK8=", "base64", false),
            ([0xED, 0xA0, 0x80], 3, .full, "7aCA", "base64", false),
            (Array("aé€😀".utf8), 10, .preview, "aé", "utf8", true),
            (Array("aé€".utf8), 6, .preview, "aé", "utf8", true),
            (Array("abcde".utf8), 5, .preview, "abcde", "utf8", false),
            ([0xFF, 0, 0, 0, 0, 0], 6, .preview, "/wAAAAA=", "base64", true),
        ] as [([UInt8], UInt64, PayloadDetail, String, String, Bool)])
    func payload(
        bytes: [UInt8], length: UInt64, detail: PayloadDetail, text: String, encoding: String, isTruncated: Bool
    ) throws {
        var script = Script()
        script.frame(.client, 0x81, bytes, length: length)
        let record = try script.records(ReportOptions(events: .frame, payload: detail, previewLength: 5))[0]
        #expect(record["payload"] as? String == text)
        #expect(record["payload_encoding"] as? String == encoding)
        #expect((record["payload_truncated"] as? Bool ?? false) == isTruncated)
    }

    @Test("without payloads there is neither payload nor encoding")
    func none() throws {
        var script = Script()
        script.text(.client, "secret")
        let record = try script.records(ReportOptions(events: .frame, payload: .none))[0]
        #expect(record.keys.allSatisfy { !$0.hasPrefix("payload") })
    }

    @Test(
        "what JSON or a terminal could stumble over is escaped",
        arguments: [
            ("\"\\/", #"\"\\/"#), ("\n\r\t", #"\n\r\t"#), ("\0\u{1F}\u{7F}", #"\u0000\u001f\u007f"#),
            ("\u{80}\u{9F}\u{A0}é", "\\u0080\\u009f\u{A0}é"), ("\u{2028}\u{2029}", #"\u2028\u2029"#),
            ("\u{202A}\u{202E}\u{2066}\u{2069}", #"\u202a\u202e\u2066\u2069"#),
            ("\u{2027}\u{202F}\u{2065}", "\u{2027}\u{202F}\u{2065}"),
            ("“”…€", "“”…€"),
        ])
    func escape(text: String, escaped: String) {
        // At each offset in a word of eight bytes, and at both ends of the text.
        for before in 0...9 {
            for after in [0, 1, 9] {
                let (left, right) = (String(repeating: "x", count: before), String(repeating: "y", count: after))
                var script = Script()
                script.text(.client, left + text + right)
                let line = script.lines(ReportOptions(events: .frame))[0]
                #expect(line.contains(#""payload":"\#(left)\#(escaped)\#(right)","payload_encoding""#))
            }
        }
    }

    @Test(
        "whatever is sent comes out of the JSON as it was, and no line has a control character",
        arguments: [UInt64](1...40))
    func property(seed: UInt64) throws {
        var random = RandomBytes(seed: seed)
        var script = Script()
        // Longer than what is escaped at a time.
        let payloads = [20, 300, 5_000].flatMap { limit in
            let bytes = random.bytes(upTo: limit)
            return [bytes, Array(String(decoding: bytes, as: UTF8.self).utf8)]
        }
        for payload in payloads { script.frame(.server, 0x82, payload) }
        let options = ReportOptions(events: .frame)
        for (record, payload) in zip(try script.records(options), payloads) {
            let text = try #require(record["payload"] as? String)
            let isText = record["payload_encoding"] as? String == "utf8"
            #expect(Array(isText ? Data(text.utf8) : Data(base64Encoded: text) ?? Data()) == payload)
        }
        for scalar in script.text(of: NDJSONReport(options)).unicodeScalars where scalar != "\n" {
            #expect(scalar.properties.generalCategory != .control)
        }
    }
}
