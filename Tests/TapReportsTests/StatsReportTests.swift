import Foundation
import TapAnalysis
import TapReports
import TapWebSocket
import Testing

@Suite("The page of statistics")
struct StatsReportTests {
    private func page(width: Int = 80, _ build: (inout Script) -> Void) -> [String] {
        var script = Script()
        build(&script)
        return script.text(of: StatsReport(.page(width: width, color: false))).split(separator: "\n").map(String.init)
    }

    private func figures(_ build: (inout Script) -> Void) throws -> [String: Any] {
        var script = Script()
        build(&script)
        return try #require(
            JSONSerialization.jsonObject(with: Data(script.output(of: StatsReport(.json)))) as? [String: Any])
    }

    /// The members on the way to a value.
    private func value(_ figures: [String: Any], _ path: String...) -> Any? {
        path.reduce(figures as Any?) { ($0 as? [String: Any])?[$1] }
    }

    @Test("of nothing has totals, and no section")
    func empty() { #expect(!page { _ in }.contains { $0.hasPrefix("activity") || $0.hasPrefix("frames") }) }

    @Test("sizes fall into steps of 1, 2, 5, 10, …, both ends known exactly")
    func sizes() throws {
        let figures = try figures { script in
            for length in [0, 1, 2, 4, 5, 9, 10, 199, 200] {
                script.message(.client, .text, [UInt8](repeating: 0x41, count: length))
            }
        }
        let steps = try #require(value(figures, "from_client", "message_bytes", "steps") as? [[String: Int]])
        #expect(steps.map { $0["from"] } == [0, 1, 2, 5, 10, 20, 50, 100, 200])
        #expect(steps.map { $0["count"] } == [1, 1, 2, 2, 1, 0, 0, 1, 1])
        #expect(steps.last?["below"] == 500)
        #expect(value(figures, "from_client", "message_bytes", "max") as? Int == 200)
        #expect(value(figures, "from_client", "message_bytes", "median") as? Int == 5)
        #expect(value(figures, "from_client", "message_gap_seconds") == nil)
    }

    @Test("gaps are those between messages of one sender in one connection")
    func gaps() throws {
        let figures = try figures { script in
            script.handshake()
            script.handshake(on: 2)
            for connection in [1, 2, 1, 1] { script.message(.server, .text, [0x41], on: connection) }
            script.message(.client, .text, [0x41])
        }
        #expect(value(figures, "from_server", "message_gap_seconds", "count") as? Int == 2)
        #expect(value(figures, "from_server", "message_gap_seconds", "max") as? Double == 0.0014)
        #expect(value(figures, "from_client", "message_gap_seconds") == nil)
    }

    @Test("connections are counted by host and path, whatever their query is")
    func resources() throws {
        let figures = try figures { script in
            for number in 1...3 {
                script.handshake(on: number, request: Script.request(target: "/chat?token=\(number)"))
            }
            let refused = Script.response(403, "No")
            script.handshake(.refused, on: 4, request: Script.request(target: "/chat"), response: refused)
        }
        let rows = try #require(value(figures, "resources", "top") as? [[String: Any]])
        #expect(rows.count == 1 && rows[0]["name"] as? String == "localhost:8080/chat")
        #expect(rows[0]["handshakes"] as? Int == 4 && rows[0]["refused"] as? Int == 1)
    }

    @Test("of more than ten thousand paths the rest is added up")
    func manyResources() throws {
        let figures = try figures { script in
            for number in 1...10_005 {
                script.handshake(on: number, request: Script.request(target: "/\(number)"))
            }
        }
        #expect(value(figures, "resources", "names") as? Int == 10_000)
        #expect(value(figures, "resources", "beyond_limit", "handshakes") as? Int == 5)
    }

    @Test("the timeline keeps to its columns however long the capture is, and loses no frame")
    func timeline() throws {
        let figures = try figures { script in
            for _ in 0..<2_000 {
                script.advance(microseconds: 900_000)
                script.frame(.server, 0x81, [0x41], message: 1)
            }
        }
        let columns = try #require(value(figures, "timeline", "frames_from_server") as? [Int])
        #expect(columns.count > 120 && columns.count <= 240 && columns.reduce(0, +) == 2_000)
        let step = try #require(value(figures, "timeline", "step_seconds") as? Double)
        #expect(step * Double(columns.count) >= 1_800)
    }

    @Test("a page is no wider than the terminal, from 80 columns on", arguments: [80, 100, 200])
    func width(width: Int) {
        let lines = page(width: width) { script in
            script.handshake()
            for length in 0..<3_000 { script.message(.client, .text, [UInt8](repeating: 0x41, count: length)) }
            script.frame(.client, 0x81, [0x41], message: 1)
            script.close(code: 1_000)
        }
        #expect(lines.allSatisfy { $0.count <= width } && lines.contains("message sizes"))
        #expect(lines.contains { $0.contains("1000 normal closure") && $0.hasSuffix("█ 1") })
    }
}
