import Foundation
import TapAnalysis
import TapCore
import TapReports
import TapSecurity
import TapWebSocket
import Testing

@Suite("Records")
struct RecordTests {
    private let frames = ReportOptions(events: .frame)

    @Test("every record is as the schema says")
    func schema() throws {
        let schema = try RecordSchema()
        var reserved = DirectionStatistics()
        reserved.reserved = 2
        var script = Script.chat
        script.handshake(.unverifiable, on: 6, request: nil)
        script.frame(.client, 0x81, Array("He".utf8), length: 70_000, captured: 5, firstPacket: 1)
        script.frame(.server, 0x88, [])
        script.close(on: 6, client: reserved)
        for proxy in Script.proxies { script.handshake(on: 9, proxy: proxy) }
        for compression in [Message.Compression.none, .inflated, .notInflated, .inflatedInPart] {
            script.message(.server, "Hello", compression: compression, isWhole: compression == .none)
        }
        let pings = Script.pings(milliseconds: [1, nil])
        script.close(on: 7, hasFrame: false, initiator: .server, isClean: false, clientPings: pings) {
            ($0.idleTime, $0.endedBySender) = (60_000_000_000, .client)
        }
        script.close(on: 8, code: 1_000) { $0.answerTime = 1 }
        script.summary.cuts = Script.cuts(idleSeconds: [60, 60, 60])
        let records = try script.records(ReportOptions(events: ReportEvents.standard.union(.message)))
        #expect(Set(records.compactMap { $0["type"] as? String }).count == 6)
        for record in records { #expect(schema.faults(of: record).isEmpty) }
        #expect(try Script().records().flatMap(schema.faults(of:)).isEmpty)
    }

    @Test("the check against the schema finds what is wrong")
    func schemaCheck() throws {
        let schema = try RecordSchema()
        var record = try #require(Script.chat.records(ReportOptions(events: .frame)).first)
        for (name, value) in [("fin", 1), ("opcode", true), ("kind", "txt"), ("extra", 1)] as [(String, Any)] {
            var broken = record
            broken[name] = value
            #expect(schema.faults(of: broken).count == 1)
        }
        record["length"] = nil
        #expect(schema.faults(of: record) == ["frame: no length"])
    }

    @Test("a frame's members stand in the order of the contract")
    func frame() {
        var script = Script()
        script.text(.client, "Hello")
        #expect(
            script.lines(frames) == [
                #"{"type":"frame","connection":1,"connection_id":"\#(Script.id(1))","number":1,"message":1,"time":"2026-11-20T10:00:00.000823000Z","#
                    + #""packet":1,"sender":"client","fin":true,"rsv1":false,"rsv2":false,"rsv3":false,"opcode":1,"#
                    + #""kind":"text","masked":true,"masking_key":"37fa213d","header_length":6,"length":5,"#
                    + #""payload":"Hello","payload_encoding":"utf8","findings":[]}"#
            ])
    }

    @Test("what is special about a frame is said, and only then")
    func specialFrame() {
        var script = Script()
        script.advance()
        script.frame(
            .server, 0xF8, Script.closePayload(1_000, "bye"), length: 300, captured: 40, firstPacket: 1,
            violations: [Script.unmasked])
        #expect(
            script.lines(frames) == [
                #"{"type":"frame","connection":1,"connection_id":"\#(Script.id(1))","number":1,"time":"2026-11-20T10:00:00.001523000Z","packet":2,"#
                    + #""first_packet":1,"sender":"server","fin":true,"rsv1":true,"rsv2":true,"rsv3":true,"opcode":8,"#
                    + #""kind":"close","masked":false,"header_length":4,"length":300,"incomplete":true,"#
                    + #""captured_length":40,"payload":"A+hieWU=","payload_encoding":"base64","payload_truncated":true,"#
                    + #""close":{"code":1000,"name":"normal closure","reason":"bye"},"findings":["frame-client-unmasked"]}"#
            ])
    }

    @Test("a close frame without a code has an empty object")
    func closeWithoutCode() throws {
        var script = Script()
        script.frame(.client, 0x88, [])
        #expect(script.lines(frames)[0].contains(#""close":{},"#))
    }

    @Test("a handshake has both heads, the accept value and what was agreed on")
    func handshake() throws {
        let record = try #require(try Script.chat.records(ReportOptions(events: .handshake)).first)
        let request = try #require(record["request"] as? [String: Any])
        let response = try #require(record["response"] as? [String: Any])
        #expect(record["community_id"] as? String == "1:ZtvF+Ym4jZSWJ/W3Lq3q2uWP4Y4=")
        #expect(request["protocols"] as? [String] == ["chat", "superchat"])
        #expect(request["host"] as? String == "localhost:8080")
        #expect(response["accept_valid"] as? Bool == true)
        #expect(response["expected_accept"] as? String == Script.accept)
        #expect(response["extensions"] as? [String] == ["permessage-deflate"])
    }

    @Test("what a handshake lacks is absent, and a refusal has nothing to prove")
    func absent() throws {
        var script = Script()
        script.handshake(.midstream, request: nil, response: nil)
        script.handshake(.refused, on: 2, response: Script.response(404, "Not Found"))
        let records = try script.records(ReportOptions(events: .handshake))
        #expect(records[0]["request"] == nil && records[0]["response"] == nil)
        let response = try #require(records[1]["response"] as? [String: Any])
        #expect(Set(response.keys) == ["packet", "time", "status", "reason", "extensions"])
    }

    @Test("evidence keeps its kinds: text, number, list")
    func evidence() {
        var script = Script()
        script.finding(
            Violation(
                .requestKeyRepeated, "twice",
                [
                    Evidence("found", .text("\"")), Evidence("bytes", .number(.max)),
                    Evidence("keys", .list(["a", "b"])), Evidence("none", .list([])),
                ]), frame: 3, by: .client)
        #expect(
            script.lines(ReportOptions(events: .finding)) == [
                #"{"type":"finding","connection":1,"connection_id":"\#(Script.id(1))","time":"2026-11-20T10:00:00.000123000Z","packet":0,"frame":3,"#
                    + #""sender":"client","id":"request-key-repeated","severity":"error","reference":"RFC 6455 §11.3.1","#
                    + #""detail":"twice","evidence":{"found":"\"","bytes":18446744073709551615,"keys":["a","b"],"none":[]}}"#
            ])
    }

    @Test(
        "durations are exact",
        arguments: [
            (0, "0"), (1, "0.000001"), (1_500_000, "1.5"), (12_000_000, "12"), (-2_000_000, "-2"), (100, "0.0001"),
        ] as [(Int64, String)])
    func duration(microseconds: Int64, text: String) {
        var script = Script()
        script.advance(microseconds: microseconds - 700)
        script.close()
        #expect(script.lines(ReportOptions(events: .connection))[0].contains("\"duration_seconds\":\(text),"))
    }

    @Test("a summary has every verdict, its findings in order, and only such other packets as there were")
    func summary() throws {
        let line = try #require(Script.chat.lines(ReportOptions(events: .summary)).first)
        #expect(
            line.contains(
                #""handshakes":{"valid":1,"invalid":1,"refused":1,"unanswered":1,"unverifiable":0,"midstream":1},"#
                    + #""finding_counts":{"capture-bytes-missing":1,"frame-client-unmasked":1,"frame-reserved-opcode":1,"#
                    + #""handshake-refused":1,"handshake-unanswered":1,"response-accept-wrong":1},"#
                    + #""severity_counts":{"error":3,"warning":1,"note":2},"#
                    + #""unread":[{"kind":"not-tcp","packets":5}],"other_packets":{"arp":2,"udp":3},"dropped":0}"#))
        let live = String(decoding: Script().output(of: NDJSONReport(), dropped: 9), as: UTF8.self)
        #expect(live.hasSuffix(#""dropped":9}"# + "\n"))
        #expect(!live.contains("first_time"))
    }

    @Test("only wanted records are written")
    func events() throws {
        for (name, event) in ReportEvents.named {
            var script = Script.chat
            script.message(.client, "Hello")
            let tls = TLSDetails(TLSFacts())
            script.add(
                .tls(
                    UnreadTLS(
                        client: Script.client(9), server: Script.server, tls: tls, reason: .noKey,
                        packet: PacketNumber(1), time: Script.start)))
            script.comments = [CaptureComment(.section, Array("by hand".utf8))]
            let types = try script.records(ReportOptions(events: event)).compactMap { $0["type"] as? String }
            #expect(Set(types) == [name])
            #expect(ReportEvents(named: name) == event)
        }
        #expect(ReportEvents(named: "handshakes") == nil)
    }

    @Test("a message says where it was, how long, and what became of its compression")
    func message() {
        var script = Script()
        script.message(.server, "Hello", compression: .inflated)
        script.message(.server, "Hell", compression: .notInflated, isWhole: false)
        let lines = script.lines(ReportOptions(events: .message))
        #expect(
            lines[0]
                == #"{"type":"message","connection":1,"connection_id":"\#(Script.id(1))","number":1,"sender":"server","#
                + #""first_time":"2026-11-20T10:00:00.000123000Z","time":"2026-11-20T10:00:00.000823000Z","#
                + #""first_packet":1,"packet":1,"first_frame":1,"frames":2,"kind":"text","compressed":true,"#
                + #""inflated":true,"wire_length":38,"length":5,"payload":"Hello","payload_encoding":"utf8"}"#)
        #expect(
            lines[1].hasSuffix(#""compressed":true,"inflated":false,"wire_length":38,"length":4,"incomplete":true}"#))
    }

    @Test("a connection's end, its pings and what cut connections share are told in numbers")
    func closing() throws {
        var script = Script()
        script.close(code: 1_000, clientPings: Script.pings(milliseconds: [2, nil])) {
            ($0.idleTime, $0.answerTime, $0.endedBySender) = (1_500_000_000, 1_000_000, .server)
        }
        script.summary.cuts = Script.cuts(idleSeconds: [60, 60, 60, 5])
        let lines = script.lines()
        let times = #"{"min":0.002,"median":0.002,"p95":0.002,"max":0.002}"#
        #expect(
            lines[0].contains(
                #""close":{"initiator":"client","initiated_by":"close","idle_seconds":1.5,"code":1000,"#
                    + #""name":"normal closure","reason":"","answered":true,"answer_seconds":0.001,"clean":true,"#
                    + #""outcome":"normal","ended_by":"fin","ended_by_sender":"server"}"#))
        #expect(
            lines[0].hasSuffix(
                #""ping":{"sent":2,"answered":1,"unsolicited_pongs":0,"rtt_seconds":\#(times),"#
                    + #""from_client":{"sent":2,"answered":1,"unanswered":1,"unsolicited_pongs":0,"stray_pongs":0,"#
                    + #""rtt_seconds":\#(times)}}}"#))
        #expect(lines[1].contains(#""cut_pattern":{"measure":"idle","seconds":60,"connections":3,"of":4},"#))
    }

    @Test("JSON is one array of the same records, however they come")
    func array() throws {
        var report = JSONReport()
        var output: [UInt8] = []
        var batch: [UInt8] = []
        report.write(Observations(), start: Script.start, to: &output)
        for _ in 0..<2 {
            // The caller may take away what was written at any time.
            batch.removeAll()
            report.write(Script.chat.observations, start: Script.start, to: &batch)
            output += batch
        }
        report.finish(Script.chat.summary, dropped: 0, to: &output)
        let records = try #require(JSONSerialization.jsonObject(with: Data(output)) as? [NSDictionary])
        let lines = try Script.chat.records() as [NSDictionary]
        #expect(records == lines.dropLast() + lines.dropLast() + lines.suffix(1))
    }

    @Test("JSON without records is an empty array")
    func emptyArray() {
        #expect(Script().text(of: JSONReport(ReportOptions(events: .frame))) == "[]\n")
    }
}
