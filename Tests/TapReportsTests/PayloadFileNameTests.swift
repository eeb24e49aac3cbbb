import TapAnalysis
import TapReports
import Testing

@Suite("Names of payload files")
struct PayloadFileNameTests {
    private func name(_ text: String, isWhole: Bool = true) -> PayloadFileName? {
        var script = Script()
        script.message(.client, text, on: 12, isWhole: isWhole)
        for case .message(let message) in script.observations.all {
            return PayloadFileName(message, script.observations.payload(of: message))
        }
        return nil
    }

    @Test(
        "the ending is guessed from the content alone",
        arguments: [
            ("{}", "json"), (#" {"a":[1,-2.5e3,true,null,"\"}"]} "#, "json"), ("[[],{}]", "json"), ("[1,2", "txt"),
            ("[hello]", "txt"), ("{a:1}", "txt"), (#"{"a":1}x"#, "txt"), (#"{"a"}"#, "txt"), ("[1,]", "txt"),
            ("\"text\"", "txt"), ("1", "txt"), ("../../etc/passwd", "txt"), ("", "txt"), ("[+1]", "txt"),
            (String(repeating: "[", count: 2_000), "txt"), (#"["\"#, "txt"),
        ])
    func ending(text: String, ending: String) {
        #expect(name(text)?.alone == "0001-client-text.\(ending)")
        #expect(name(text)?.amongOthers == "12-0001-client-text.\(ending)")
    }

    @Test(
        "a binary message that is text has the ending of one",
        arguments: [
            (Array("hello".utf8), "txt"), (Array("{\"a\":1}".utf8), "json"), ([0, 1, 2], "bin"), ([0xFF, 0xFE], "bin"),
            ([], "bin"), (Array("a\tb\n".utf8), "txt"), (Array("a\u{1B}".utf8), "bin"), (Array("Grüße".utf8), "txt"),
        ] as [([UInt8], String)])
    func binary(payload: [UInt8], ending: String) {
        var script = Script()
        script.message(.server, .binary, payload)
        for case .message(let message) in script.observations.all {
            let name = PayloadFileName(message, script.observations.payload(of: message))
            #expect(name.alone == "0001-server-binary.\(ending)")
        }
    }

    @Test("a part of a message says so")
    func part() { #expect(name("hel", isWhole: false)?.alone == "0001-client-text-part.txt") }
}
