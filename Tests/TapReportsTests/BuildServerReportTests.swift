import Foundation
import TapAnalysis
import TapReports
import TapWebSocket
import Testing

@Suite("JUnit and SARIF")
struct BuildServerReportTests {
    private static func junit(_ script: Script, _ least: Severity = .error) -> String {
        script.text(of: JUnitReport(failingFrom: least))
    }

    @Test("a connection is a suite, a rule a case, and the counts are right")
    func junit() {
        var script = Script()
        script.handshake(.invalid, violations: [Script.wrongAccept])
        script.frame(.client, 0x81, [0x41], violations: [Script.unmasked])
        script.frame(.client, 0x81, [0x41], violations: [Script.unmasked])
        script.finding(Violation(.closeMissing, "nobody sent a close frame"), by: .client)
        script.close()
        let shown = BuildServerReportTests.junit(script)
        #expect(
            shown.contains(
                ##"<testsuite name="#1 127.0.0.1:51234 → 127.0.0.1:8080 /chat" tests="20" failures="2" errors="0" "##
                    + #"skipped="0" timestamp="2026-11-20T10:00:00.000823000Z">"#))
        #expect(shown.contains(#"<testcase name="request method" classname="wstap.handshake"/>"#))
        #expect(
            shown.contains(
                """
                    <testcase name="client: frame-client-unmasked" classname="wstap.frames">
                      <failure type="error" message="the client sent a frame without a mask">error frame-client-unmasked: \
                the client sent a frame without a mask (RFC 6455 §5.1)
                frame 1, packet 2: error frame-client-unmasked: the client sent a frame without a mask (RFC 6455 §5.1)
                frame 2, packet 3: error
                """))
        #expect(shown.contains("found=“AAAAAAAAAAAAAAAAAAAAAAAAAAA=”"))
        #expect(shown.contains("<system-out>warning close-missing"))
    }

    @Test("what fails depends on --fail-on", arguments: [(Severity.error, 0), (.warning, 1), (.note, 2)])
    func least(least: Severity, failures: Int) {
        var script = Script()
        script.handshake(.unverifiable, request: nil, violations: [Violation(.captureOneSided, "one side")])
        script.finding(Violation(.closeMissing, "nobody sent a close frame"), by: .client)
        script.close()
        let shown = BuildServerReportTests.junit(script, least)
        #expect(shown.contains(" failures=\"\(failures)\""))
        #expect(shown.components(separatedBy: "<failure").count == failures + 1)
    }

    @Test("a suite is written once its connection has ended, and one that led to none at once")
    func bounded() {
        var script = Script()
        script.handshake()
        script.handshake(.refused, on: 2, response: Script.response(404, "Not Found"))
        var report = JUnitReport()
        var output: [UInt8] = []
        report.write(script.observations, start: Script.start, to: &output)
        let early = String(decoding: output, as: UTF8.self)
        #expect(early.contains("\"#2 ") && !early.contains("\"#1 "))
        report.finish(script.summary, dropped: 0, to: &output)
        #expect(String(decoding: output, as: UTF8.self).contains("\"#1 "))
        var handshakes = JUnitReport(handshakesOnly: true)
        output.removeAll()
        handshakes.write(script.observations, start: Script.start, to: &output)
        #expect(String(decoding: output, as: UTF8.self).components(separatedBy: "</testsuite>").count == 3)
    }

    @Test("hostile text breaks neither XML nor JSON", arguments: [UInt64](1...20))
    func hostile(seed: UInt64) throws {
        let script = HostileTextTests.script(seed: seed)
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("wstap-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let files = (folder.appendingPathComponent("junit.xml"), folder.appendingPathComponent("log.sarif"))
        try Data(script.output(of: JUnitReport(failingFrom: .note))).write(to: files.0)
        try Data(script.output(of: SARIFReport(files: ["a b.pcap"], version: "1"))).write(to: files.1)
        let check = """
            import json, sys, xml.etree.ElementTree as xml
            xml.parse(sys.argv[1]), json.load(open(sys.argv[2], encoding="utf-8"))
            """
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/python3")
        process.arguments = ["-c", check, files.0.path, files.1.path]
        try process.run()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
    }

    @Test("XML's own characters and controls are escaped")
    func escaped() {
        var script = Script()
        script.handshake(request: Script.request(target: "/<a>&\"'\u{0}\u{1B}\u{FFFF}\n]]>"))
        let shown = BuildServerReportTests.junit(script)
        #expect(shown.contains(#"/&lt;a&gt;&amp;&quot;&apos;\x00\x1b\u{ffff}\n]]&gt;""#))
    }

    @Test("a SARIF result says which rule, how bad, what and where")
    func sarif() throws {
        var script = Script()
        script.handshake(.invalid, violations: [Script.wrongAccept])
        script.frame(.client, 0x81, [0x41], violations: [Script.unmasked])
        let report = SARIFReport(files: ["a b/x.pcap", "/tmp/y.pcap", "-", "-"], version: "1.2.3")
        let log = try #require(
            JSONSerialization.jsonObject(with: Data(script.output(of: report))) as? [String: Any])
        let run = try #require((log["runs"] as? [[String: Any]])?.first)
        let driver = try #require((run["tool"] as? [String: Any])?["driver"] as? [String: Any])
        let rules = try #require(driver["rules"] as? [[String: Any]])
        let results = try #require(run["results"] as? [[String: Any]])
        let locations = try #require(results.last?["locations"] as? [[String: Any]])
        let properties = try #require(results.last?["properties"] as? [String: Any])
        let places = locations.compactMap { $0["physicalLocation"] as? [String: [String: Any]] }
        #expect(log["version"] as? String == "2.1.0" && driver["version"] as? String == "1.2.3")
        #expect(rules.count == FindingID.allCases.count)
        #expect(rules.allSatisfy { ($0["helpUri"] as? String)?.hasPrefix("https://www.rfc-editor.org/rfc/") == true })
        #expect(results.map { $0["ruleId"] as? String } == ["response-accept-wrong", "frame-client-unmasked"])
        #expect(results.last?["level"] as? String == "error")
        #expect(
            places.compactMap { $0["artifactLocation"]?["uri"] as? String }
                == ["a%20b/x.pcap", "file:///tmp/y.pcap", "stdin"])
        #expect(
            (locations.first?["logicalLocations"] as? [[String: String]]) == [
                ["fullyQualifiedName": "connection 1/frame 1"]
            ])
        #expect(properties["packet"] as? Int == 2 && properties["frame"] as? Int == 1)
    }

    @Test("reports of nothing are whole")
    func empty() throws {
        let suite = """
            <testsuites name="wstap verify">
              <testsuite name="capture" tests="1" failures="0" errors="0" skipped="1">
                <testcase name="no WebSocket connection in 0 packets and 0 TCP connections" classname="wstap.capture">
                  <skipped message="no WebSocket connection in 0 packets and 0 TCP connections"/>
                </testcase>
              </testsuite>
            </testsuites>

            """
        #expect(BuildServerReportTests.junit(Script()).hasSuffix(suite))
        let log = Script().output(of: SARIFReport(files: [], version: "1"))
        #expect(throws: Never.self) { try JSONSerialization.jsonObject(with: Data(log)) }
    }

    @Test("what could not be read is a skipped case, and what kept an input from being read is an error")
    func unread() {
        var script = Script()
        script.handshake()
        script.close()
        script.summary.otherPackets[.arp] = 2
        script.summary.faults = ["a<b.pcap: cut off"]
        let shown = BuildServerReportTests.junit(script)
        #expect(shown.contains(#"<testsuite name="capture" tests="2" failures="0" errors="1" skipped="1" timestamp="#))
        #expect(shown.contains(#"<error type="unreadable" message="a&lt;b.pcap: cut off"/>"#))
        #expect(shown.contains(#"<skipped message="2 packets are not TCP (2 arp)"/>"#))
        #expect(JUnitReport().tellsFaults && SARIFReport(files: [], version: "1").tellsFaults)
        #expect(!HARReport(version: "1").tellsFaults && !NDJSONReport().tellsFaults)
    }
}
