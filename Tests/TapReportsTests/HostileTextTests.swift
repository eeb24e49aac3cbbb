import Foundation
import TapAnalysis
import TapHTTP
import TapReports
import TapTestSupport
import TapWebSocket
import Testing

@Suite("Hostile text in everything that a terminal shows")
struct HostileTextTests {
    @Test(
        "nothing but line ends acts on the terminal, and no line is too wide",
        arguments: [UInt64](1...60), [40, 80, 120, 200])
    func property(seed: UInt64, width: Int) {
        let script = HostileTextTests.script(seed: seed)
        for output in [
            script.output(of: TableReport(width: width)),
            script.output(of: TableReport(ReportOptions(payload: .full), width: width)),
            script.output(of: HandshakeReport(width: width)),
            script.output(of: FollowReport(1, form: .dialogue(width: width, color: false, hasSides: true))),
            script.output(of: FollowReport(3, form: .dialogue(width: width, color: false, hasSides: false))),
        ] {
            #expect(HostileTextTests.harm(in: output, width: width) == nil)
        }
    }

    @Test("the page of statistics is as harmless", arguments: [UInt64](1...60), [80, 120, 200])
    func statistics(seed: UInt64, width: Int) {
        let output = HostileTextTests.script(seed: seed).output(of: StatsReport(.page(width: width, color: false)))
        #expect(HostileTextTests.harm(in: output, width: width) == nil)
    }

    @Test("so is the screen of top", arguments: [UInt64](1...60), [40, 80, 120, 200])
    func top(seed: UInt64, width: Int) {
        let script = HostileTextTests.script(seed: seed)
        var report = TopReport(color: false, slow: 1_000_000_000)
        var output: [UInt8] = []
        report.write(script.observations, start: Script.start, to: &output)
        var view = TopView(of: "lo")
        for key in [TopKey.character("n"), .character("g"), .enter, .enter] {
            let action = view.press(key, report, now: Script.start)
            output = view.screen(report, width: width, height: 24, now: Script.start, dropped: 1)
            #expect(action == .none && HostileTextTests.harm(in: output, width: width) == nil)
        }
    }

    @Test(
        "logs for other programs are JSON or rows, and nothing in them acts on a terminal", arguments: [UInt64](1...60))
    func logs(seed: UInt64) throws {
        let script = HostileTextTests.script(seed: seed)
        let json: [any Report] = [
            ECSReport(isBulk: true), SuricataReport(), ZeekReport(.json), HARReport(version: "1"),
        ]
        for report in json {
            let output = script.output(of: report)
            #expect(HostileTextTests.controls(in: output) == nil)
            let lines = report is HARReport ? [output[...]] : output.split(separator: 0x0A)
            for line in lines {
                #expect(throws: Never.self) { try JSONSerialization.jsonObject(with: Data(line)) }
            }
        }
        let zeek = script.output(of: ZeekReport(.tabs))
        #expect(HostileTextTests.controls(in: zeek.filter { $0 != 0x09 }) == nil)
        for row in zeek.split(separator: 0x0A) where row.first != UInt8(ascii: "#") {
            #expect(row.count { $0 == 0x09 } == 12)
        }
    }

    /// The first control but a line end, or character that changes the direction of text.
    private static func controls(in output: [UInt8]) -> UInt32? {
        guard let text = String(validating: output, as: UTF8.self) else { return 0xFFFD }
        return text.unicodeScalars.first { scalar in
            let changesDirection = (0x202A...0x202E).contains(scalar.value) || (0x2066...0x2069).contains(scalar.value)
            return scalar != "\n" && scalar.properties.generalCategory == .control || changesDirection
        }?.value
    }

    /// Every kind of observation, with random bytes wherever the wire has a say.
    static func script(seed: UInt64) -> Script {
        var random = RandomBytes(seed: seed)
        func text() -> String { String(decoding: random.bytes(upTo: 200), as: UTF8.self) }
        var script = Script()
        let fields = ["Origin", "Sec-WebSocket-Protocol", "Sec-WebSocket-Extensions"].map { ($0, text()) }
        let violation = Violation(.requestKeyInvalid, text(), [Evidence("expected", .text(text()))])
        let compared = Violation(
            .responseAcceptWrong, text(), [Evidence("expected", .text(text())), Evidence("found", .text(text()))])
        script.handshake(
            .invalid, request: Script.request(target: text(), fields: fields),
            response: Script.response(101, text(), fields: fields), violations: [violation, compared])
        let paths = ProxyHeader.Addresses.unix(source: random.bytes(upTo: 108), destination: random.bytes(upTo: 108))
        script.handshake(on: 3, proxy: ProxyHeader(version: 2, addresses: paths))
        script.handshake(.refused, on: 2, request: nil, response: Script.response(404, text()))
        for first: UInt8 in [0x81, 0x82, 0x01, 0x80, 0x89, 0xC1, 0x8F] {
            script.frame(.client, first, random.bytes(upTo: 400), violations: [Violation(.frameReservedOpcode, text())])
        }
        script.frame(.server, 0x88, [0x03, 0xE8] + random.bytes(upTo: 123))
        script.message(.server, .text, random.bytes(upTo: 400))
        script.message(.client, .binary, random.bytes(upTo: 400))
        script.close(code: 1_000, reason: text())
        return script
    }

    /// The first thing that is wrong.
    private static func harm(in output: [UInt8], width: Int) -> String? {
        guard let text = String(validating: output, as: UTF8.self) else { return "not UTF-8" }
        for line in text.unicodeScalars.split(separator: "\n").map(Array.init) {
            for (index, scalar) in line.enumerated() where !line.hasJoiner(at: index) {
                switch scalar.properties.generalCategory {
                case .control, .format, .lineSeparator, .paragraphSeparator: return "\(scalar.value) in \(line)"
                default: break
                }
            }
            let shown = line.indices.filter { !line.hasJoiner(at: $0) }
            let cells = shown.reduce(0) { $0 + TerminalWidth.cells(line[$1]) }
            if cells > width { return "\(cells) cells in \(line)" }
        }
        return nil
    }
}
