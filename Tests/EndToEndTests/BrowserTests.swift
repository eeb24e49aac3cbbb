import Foundation
import TapCore
import TapTestSupport
import TapWebSocket
import Testing

/// Reports in HTML, opened in Chromium.
@Suite("Reports in HTML", .serialized)
struct BrowserTests {
    /// What would do something if it were ever taken for markup.
    static let hostile =
        #"</script><script>window.hostile=1</script><!--<img src=x onerror="window.hostile=2">\u2028"#
        + "\u{2028}\u{202E}&lt;b&gt;"

    private func export(_ capture: String, in folder: TemporaryFolder) throws -> String {
        let path = folder.path("report.html")
        let result = try Wstap.run(["export", capture, "--to", "html", "-o", path])
        try #require(result.status == 0 && result.errors.isEmpty, "\(result.errors)")
        return path
    }

    @Test("one of 50,000 frames opens in less than two seconds, can be searched, and keeps no one out")
    func large() throws {
        let folder = try TemporaryFolder()
        let capture = CaptureBuilder.pcap(BusyCapture.packets(frames: 50_000, connections: 20))
        let report = try export(try folder.file("busy.pcap", Data(capture.bytes)), in: folder)
        let visit = try BrowserVisit(report, search: "The NEEDLE", axe: true)
        #expect(visit.number("ready_milliseconds") < 2_000)
        #expect(visit.text("shown") == "50,000 of 50,000 frames")
        // Rows are there only where they are seen.
        #expect(visit.number("nodes") < 3_000)
        #expect(visit.search["focused"] as? String == "search")
        #expect(visit.search["shown"] as? String == "1 of 50,000 frames")
        #expect(visit.search["marked"] as? String == "the needle")
        #expect((visit.search["seconds"] as? Double ?? 60) < 2)
        #expect((visit.search["detail"] as? String)?.contains("FIN RSV1 RSV2 RSV3") == true)
        #expect(visit.search["active"] as? String == "frames-grid")
        #expect(visit.list("errors").isEmpty, "\(visit.list("errors"))")
        #expect(visit.list("requests").count == 1)
        for scheme in ["light", "dark"] {
            let found = visit.accessibility(scheme)
            #expect(found.violations.isEmpty && found.passes > 25, "\(scheme): \(found.violations)")
        }
    }

    @Test("hostile text stays text, wherever it comes from")
    func hostile() throws {
        let text = BrowserTests.hostile
        var conversation = Conversation(client: Endpoint("192.0.2.1", 50_000))
        var handshake = HandshakeBytes()
        handshake.request.startLine = "GET /\(text.filter { $0 != " " }) HTTP/1.1"
        conversation.upgrade(handshake)
        conversation.send(text: text, from: .client)
        conversation.send(FrameBytes(.ping, Array(text.utf8.prefix(125))), from: .server)
        conversation.send(FrameBytes(.binary, [0] + Array(text.utf8)), from: .server)
        conversation.close(by: .client, 1_000, String(text.prefix(90)))
        let folder = try TemporaryFolder()
        let capture = CaptureBuilder.pcap(conversation.segments.packets())
        let report = try export(try folder.file("hostile.pcap", Data(capture.bytes)), in: folder)
        let visit = try BrowserVisit(report, search: "onerror=")
        #expect(visit.text("marker") == "undefined" && visit.number("scripts") == 3)
        #expect(visit.list("errors").isEmpty, "\(visit.list("errors"))")
        #expect(visit.list("requests").count == 1)
        // It is there to be read.
        #expect(visit.text("text").contains("</script><script>window.hostile=1</script>"))
        #expect(visit.search["shown"] as? String == "4 of 5 frames")
        #expect(visit.text("text").contains(#"\u{2028}\u{202e}"#))
        let page = String(decoding: try Data(contentsOf: URL(fileURLWithPath: report)), as: UTF8.self)
        #expect(page.components(separatedBy: "<script").count == 4 && !page.contains("<!--"))
    }

    @Test("of each sample, one opens without an error and moves by keys")
    func samples() throws {
        let folder = try TemporaryFolder()
        let path = folder.path("report.html")
        let files = (Wstap.samples + RecordSchemaTests.conformance).map(Wstap.sample)
        let result = try Wstap.run(["export", "--to", "html", "-o", path] + files)
        #expect(result.status == 0 && result.errors.isEmpty)
        let visit = try BrowserVisit(path, search: "hello")
        #expect(visit.list("errors").isEmpty, "\(visit.list("errors"))")
        #expect(visit.keys["Home"] == "2" && visit.keys["ArrowDown"] == "3")
        let read = try Wstap.run(["read", "--format", "ndjson", "--events", "summary"] + files)
        let frames = try #require(read.records("summary").first?["frames"] as? Int)
        #expect(visit.text("shown").replacing(",", with: "").hasPrefix("\(frames) of "))
        #expect(visit.text("text").contains("request-key-missing"))
    }

    @Test(
        "the first connection with an error is chosen at first, or else the first",
        arguments: [("twenty.pcap", 1), ("nginx-proxy.pcap", 1), ("refused.pcap", 5)])
    func chosen(sample: String, connection: Int) throws {
        let folder = try TemporaryFolder()
        let report = try export(Wstap.sample(sample), in: folder)
        #expect(try BrowserVisit(report, search: "x").text("connection") == "Connection #\(connection)")
    }

    @Test("connections can be sorted, searched and chosen, and the address of the page names what is chosen")
    func choosing() throws {
        let folder = try TemporaryFolder()
        let report = try export(Wstap.sample("nginx-proxy.pcap"), in: folder)
        let visit = try BrowserVisit(report, search: "7.25", pattern: #"pr.ce".*7\.25"#)
        #expect(visit.list("errors").isEmpty, "\(visit.list("errors"))")
        let facts = visit.connections
        let sorted = try #require(facts["sorted"] as? [String: [Any]])
        #expect(
            sorted["lasted0"]?.first as? String == "ascending"
                && sorted["lasted0"]?.last as? [String] == ["#2", "#1", "#4", "#3"])
        #expect(
            sorted["lasted1"]?.first as? String == "descending"
                && sorted["lasted1"]?.last as? [String] == ["#3", "#4", "#1", "#2"])
        #expect(sorted["#2"]?.last as? [String] == ["#1", "#2", "#3", "#4"])
        #expect(facts["none"] as? String == "0 of 4 connections")
        #expect(facts["chosen"] as? String == "Connection #4" && facts["shown"] as? String == "2 of 20 frames")
        #expect(facts["hash"] as? String == "#show=4&connection=4")
        // The slash is no number.
        #expect(facts["focused"] as? String == "search")
        #expect(facts["opened"] as? String == "Connection #4" && facts["opened_shown"] as? String == "2 of 20 frames")
        #expect(facts["pattern"] as? String == "1 of 20 frames")
        #expect(facts["marked"] as? String == #"price": "7.25"#)
    }

    @Test("what it is of stands in its head, and totals are of what is shown")
    func scope() throws {
        let folder = try TemporaryFolder()
        let path = folder.path("report.html")
        let capture = Wstap.sample("nginx-proxy.pcap")
        let result = try Wstap.run(
            ["export", capture, "--to", "html", "-o", path, "-Y", "path contains \"idle\"", "--redact", "payload"])
        #expect(result.status == 0)
        let visit = try BrowserVisit(path, search: "nobody says this")
        #expect(visit.list("errors").isEmpty, "\(visit.list("errors"))")
        #expect(visit.text("title") == "nginx-proxy.pcap · WebSocket report · wstap")
        let text = visit.text("text")
        #expect(text.contains("2026-11-21 05:08:25 to 05:08:27 UTC · 2.31 s · 70 packets"))
        #expect(
            text.contains(
                "nginx-proxy.pcap · of 127.0.0.1:8080, 127.0.0.1:8081 · filter: path contains \"idle\" · "
                    + "secrets and payloads were taken out · wstap 0.1.0"))
        #expect(text.contains("Connections\n2\nof 4\nFrames\n4\nof 20\nMessages\n4\nof 16\n"))
        #expect(!text.contains(Wstap.project.path))
        // Times as the table has them: cut, not rounded.
        let table = try Wstap.run(["read", "--connection", "3,4", capture]).output
        #expect(table.contains("0.307528") && text.contains("0.307528") && text.contains("+1.06 ms"))
        let all = try BrowserVisit(try export(Wstap.sample("refused.pcap"), in: folder), search: "x").text("text")
        #expect(all.contains("426 Upgrade Required"))
    }

    @Test("the time that cut connections have in common stands in the page")
    func pattern() throws {
        let talks = (0..<4 as Range<UInt8>).map { number in
            var talk = ScheduledConversation(
                from: Endpoint("192.0.2.1", 50_000 + UInt16(number)), to: Endpoint("198.51.100.2", 80),
                start: Int64(number) * 5_000)
            talk.open(at: 0, key: number)
            talk.say("hello", from: .client, at: 10)
            talk.at(60_010) {
                $0.finish(.server)
                $0.finish(.client)
            }
            return talk
        }
        let folder = try TemporaryFolder()
        let capture = try folder.file("cut.pcap", Data(CaptureBuilder.pcap(talks.packets).bytes))
        let sentence = "4 of 4 connections that were cut had been idle for 60 s: a proxy timeout?"
        #expect(try Wstap.run(["read", capture]).output.contains(sentence))
        #expect(try BrowserVisit(try export(capture, in: folder), search: "x").text("text").contains("! \(sentence)"))
    }

    @Test("TLS is told: what it was of each connection, and why others were not read")
    func secured() throws {
        let folder = try TemporaryFolder()
        let path = folder.path("report.html")
        let names = ["node", "no-key", "wrong-key", "late-tls12", "alert-untrusted"]
        let files = names.map { Wstap.sample("tls/\($0).pcapng") }
        let result = try Wstap.run(["export", "--to", "html", "-o", path] + files)
        #expect(result.status == 0 && result.errors.isEmpty)
        let visit = try BrowserVisit(path, search: "x")
        #expect(visit.list("errors").isEmpty, "\(visit.list("errors"))")
        let text = visit.text("text")
        #expect(
            text.contains(
                "TLS 1.3 TLS_AES_256_GCM_SHA384 · server name feed.example · protocol http/1.1 · keys from the capture")
        )
        #expect(text.contains("! 4 connections are TLS"))
        let table = try Wstap.run(["read", "-q"] + files).output
        let lines = table.split(separator: "\n").drop { !$0.hasPrefix("TLS ") }.prefix(4)
        #expect(lines.count == 4)
        for line in lines { #expect(text.contains("TLS \(line.dropFirst(12))"), "\(line)") }
    }

    @Test("an empty capture has a report, too")
    func empty() throws {
        let folder = try TemporaryFolder()
        let report = try export(try folder.file("empty.pcap", Data(CaptureBuilder.pcap([]).bytes)), in: folder)
        let page = String(decoding: try Data(contentsOf: URL(fileURLWithPath: report)), as: UTF8.self)
        #expect(page.hasPrefix("<!doctype html>") && page.hasSuffix("</html>\n"))
        // There is no connection to show.
        let text = try BrowserVisit(report, search: "").text("text")
        #expect(text.contains("no WebSocket connection in 0 packets") && !text.contains("from the client"), "\(text)")
    }

    @Test("on a telephone nothing stands beyond the edge, and paths have the room of their hosts")
    func narrow() throws {
        let folder = try TemporaryFolder()
        let report = try export(Wstap.sample("nginx-proxy.pcap"), in: folder)
        let visit = try BrowserVisit(report, search: "TEA", width: 400)
        #expect(visit.facts["is_wider"] as? Bool == false)
        let rows = visit.facts["rows"] as? [String] ?? []
        #expect(rows.count == 4 && rows.allSatisfy { !$0.contains("127.0.0.1") }, "\(rows)")
        #expect(rows.first?.contains("/quotes") == true && rows.last?.contains("/idle") == true, "\(rows)")
        #expect(try BrowserVisit(report, search: "TEA").list("rows").first as? String != rows.first)
    }

    @Test("findings stand in the order of what they are here, not of what they mostly are")
    func order() throws {
        var conversation = Conversation.upgraded()
        conversation.close(by: .client, 4_001, "bye")
        var cut = Conversation.upgraded(from: 50_001, HandshakeBytes(key: HandshakeBytes.key([UInt8](1...16))))
        cut.finish(.server)
        cut.finish(.client)
        let folder = try TemporaryFolder()
        let capture = CaptureBuilder.pcap((conversation.segments + cut.segments).packets())
        let report = try export(try folder.file("codes.pcap", Data(capture.bytes)), in: folder)
        let text = try BrowserVisit(report, search: "x").text("text")
        let warning = try #require(text.range(of: "! 1 close-missing"), "\(text)")
        let note = try #require(text.range(of: "i 1 close-abnormal"), "\(text)")
        #expect(warning.upperBound < note.lowerBound)
    }

    @Test("--messages is wrong usage: the report holds frames")
    func usage() throws {
        let result = try Wstap.run(["export", "--to", "html", "--messages", "-o", "-", Wstap.sample("chat.pcap")])
        #expect(result.status == 64)
    }
}
