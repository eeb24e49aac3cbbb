import TapAnalysis
import TapReports
import TapWebSocket
import Testing

@Suite("The dialogue")
struct FollowReportTests {
    private func lines(
        of connection: Int? = 1, width: Int = 80, hasSides: Bool = false, sender: Sender? = nil,
        _ build: (inout Script) -> Void
    ) -> [String] {
        var script = Script()
        build(&script)
        let form = FollowReport.Form.dialogue(width: width, color: false, hasSides: hasSides)
        let report = FollowReport(connection, sender: sender, form: form)
        return script.text(of: report).split(separator: "\n").map(String.init)
    }

    @Test("has a line for each message, with its time and an arrow")
    func rows() {
        let shown = lines {
            $0.message(.client, .text, Array("Hello".utf8))
            $0.message(.server, .text, Array("one\ntwo".utf8))
            $0.message(.server, .binary, [0x00, 0x41])
            $0.message(.client, .text, [])
        }
        #expect(
            shown == [
                "  0.000700          → Hello", "  0.001400  +700 µs ← one", "                      two",
                "  0.002100          ← binary 2 B",
                "                      00000000  00 41                    |.A|", "  0.002800  +700 µs → empty",
            ])
    }

    @Test("long captures have long times", arguments: [0, 999, 1_000, 10_000_000, 7_000_000_000] as [Int64])
    func longTimes(seconds: Int64) throws {
        let shown = lines {
            $0.advance(microseconds: seconds * 1_000_000)
            $0.message(.client, .text, Array("one\ntwo".utf8))
        }
        #expect(shown.count == 2 && shown[0].hasSuffix("\(seconds).000700          → one"))
        #expect(shown[1].count == shown[0].count && shown[1].hasSuffix(" two"))
    }

    @Test("has the client on the left and the server on the right where there are sides")
    func sides() {
        let long = Array(String(repeating: "x", count: 60).utf8)
        let shown = lines(hasSides: true) {
            $0.message(.client, .text, long)
            $0.message(.server, .text, long)
        }
        #expect(shown.map(\.count) == [65, 39, 80, 54])
        #expect(shown[0].hasPrefix("  0.000700          → x"))
        #expect(shown[2].hasPrefix("  0.001400  +700 µs                ← x"))
    }

    @Test("goes on with the width that the terminal has now")
    func resize() {
        var script = Script()
        script.message(.client, .text, Array(String(repeating: "word ", count: 30).utf8))
        var report = FollowReport(1, form: .dialogue(width: 120, color: false, hasSides: true))
        var counts: [Int] = []
        for width in [120, 60, 200] {
            report.resize(to: width)
            var output: [UInt8] = []
            report.write(script.observations, start: Script.start, to: &output)
            let lines = String(decoding: output, as: UTF8.self).split(separator: "\n")
            #expect(lines.allSatisfy { $0.count <= width })
            counts.append(lines.count)
        }
        #expect(counts[1] > counts[0] && counts[0] > counts[2])
    }

    @Test("is of one connection alone, and of one sender where that is wanted")
    func chosen() {
        let build = { (script: inout Script) in
            script.message(.client, .text, Array("mine".utf8), on: 2)
            script.message(.server, .text, Array("yours".utf8), on: 2)
            script.message(.client, .text, Array("others".utf8), on: 3)
        }
        #expect(lines(of: 2, build).count == 2)
        #expect(lines(of: 2, sender: .server, build) == ["  0.001400  +700 µs ← yours"])
        #expect(lines(of: nil, build).isEmpty)
    }

    @Test("findings stand below the message that they are about, though they are seen before it")
    func findings() {
        let shown = lines(width: 120) {
            $0.frame(.client, 0x81, [0x41], message: 1, violations: [Violation(.frameClientUnmasked, "no mask")])
            $0.message(.client, .text, [0x41])
        }
        #expect(shown.count == 2 && shown[0].hasSuffix("→ A"))
        #expect(shown[1].hasPrefix("            ✗ error frame-client-unmasked  no mask (RFC 6455 §5.1) · the client,"))
    }

    @Test("begins with the handshake and ends with the verdict on the closing")
    func ends() {
        let shown = lines {
            $0.handshake()
            $0.frame(.client, 0x89, Array("ping?".utf8))
            $0.frame(.client, 0x88, Script.closePayload(1_000, "bye"))
            $0.close(code: 1_000, reason: "bye")
        }
        #expect(shown[0] == "#1   127.0.0.1:51234 → 127.0.0.1:8080  localhost:8080/chat")
        #expect(shown[1] == "     ✓ valid")
        #expect(shown[2].hasSuffix("→ ping ping?") && shown[3].hasSuffix("→ close 1000 normal closure “bye”"))
        #expect(shown[4].hasPrefix("✓ closed by the client: 1000 normal closure “bye” · clean"))
    }

    @Test("knows which connections there are, and which one is meant where there is only one")
    func directory() {
        func directory(_ build: (inout Script) -> Void) -> ConnectionDirectory {
            var script = Script()
            build(&script)
            var report = FollowReport(nil, form: .raw)
            var output: [UInt8] = []
            report.write(script.observations, start: Script.start, to: &output)
            #expect(output.isEmpty)
            return report.directory
        }
        #expect(directory { $0.handshake() }.only == 1)
        #expect(directory { $0.handshake(.refused, response: Script.response(403, "No")) }.only == 1)
        let both = directory {
            $0.handshake(.refused, response: Script.response(403, "No"))
            $0.handshake(on: 2)
        }
        #expect(both.only == 2 && both.contains(1) && !both.contains(3) && both.lines(width: nil).count == 2)
        let many = directory { for number in 1...50 { $0.handshake(on: number) } }
        let lines = many.lines(width: nil)
        #expect(many.only == nil && lines.count == 41 && lines.last == "… and 10 more")
        let late = directory { for number in [3, 1, 2] { $0.handshake(on: number) } }
        #expect(late.lines(width: nil).map { $0.prefix(2) } == ["#1", "#2", "#3"])
        let narrow = late.lines(width: 60)
        #expect(narrow.count == 6 && narrow.allSatisfy { $0.count <= 60 }, "\(narrow)")
        #expect(narrow[1].hasPrefix("        ") && narrow[1].hasSuffix("localhost:8080/chat  0 messages"))
    }
}
