import TapAnalysis
import TapCore
import TapHTTP
import TapReports
import TapWebSocket
import Testing

@Suite("The table")
struct TableReportTests {
    private func lines(
        _ script: Script, _ options: ReportOptions = ReportOptions(payload: .preview), width: Int = 120,
        times: TableTimes = .relative
    ) -> [String] {
        let report = TableReport(options, width: width, times: times)
        return script.text(of: report).split(separator: "\n").map(String.init)
    }

    private func rows(_ build: (inout Script) -> Void, width: Int = 120) -> [String] {
        var script = Script()
        build(&script)
        let events = ReportEvents.standard.subtracting(.summary)
        return lines(script, ReportOptions(events: events, payload: .preview), width: width)
    }

    @Test("a frame is a row: time, connection, direction, kind, length, payload")
    func row() {
        #expect(
            rows {
                $0.text(.client, "Hello")
                $0.text(.server, "日本語", on: 12)
            } == [
                "  0.000700  #1   client →  text         5 B  Hello",
                "  0.001400  #12  ← server  text         9 B  日本語",
            ])
    }

    @Test(
        "flags and opcodes are shown where they matter",
        arguments: [
            (0x81, "text   "), (0x01, "text…  "), (0x00, "cont…  "), (0x80, "cont   "), (0xC2, "binary rsv1 "),
            (0x72, "binary… rsv123"), (0x8B, "op 11  "), (0x89, "ping   "), (0x8A, "pong   "),
        ] as [(UInt8, String)])
    func label(first: UInt8, label: String) throws {
        let row = try #require(rows { $0.frame(.client, first, [0x41]) }.first)
        #expect(row.dropFirst(27).hasPrefix(label))
    }

    @Test(
        "payloads are shown as what they are",
        arguments: [
            (0x82, [0x00, 0x41, 0xFF], "00 41 ff |.A.|"), (0x81, [0x41, 0xFF], #"A\xff"#), (0x8A, [0x00], "00 |.|"),
            (0x89, Array("are you there?".utf8), "are you there?"), (0xC1, [0xF2, 0x48], "f2 48 |.H|"),
            (0x80, [0x82, 0xAC, 0x21], #"\x82\xac!"#),
            (0x88, Script.closePayload(1_000, "bye"), "1000 normal closure “bye”"),
            (0x88, Script.closePayload(4_000), "4000 private use"), (0x88, [], "no code"),
        ] as [(UInt8, [UInt8], String)])
    func payload(first: UInt8, payload: [UInt8], shown: String) throws {
        let row = try #require(rows { $0.frame(.server, first, payload) }.first)
        #expect(row.hasSuffix(" B  \(shown)"))
    }

    @Test("what does not fit is cut at an ellipsis")
    func cut() throws {
        let long = String(repeating: "0123456789", count: 20)
        let text = try #require(rows({ $0.text(.client, long) }, width: 80).first)
        #expect(text.count == 80 && text.hasSuffix("0123…"))
        let bytes = try #require(rows({ $0.frame(.client, 0x82, Array(repeating: 0xAB, count: 99)) }, width: 80).first)
        #expect(bytes.hasSuffix("ab ab ab ab ab ab ab … |.......|") && bytes.count <= 80)
        let wide = try #require(rows({ $0.text(.client, String(repeating: "語", count: 99)) }, width: 80).first)
        #expect(wide.hasSuffix("語…"))
    }

    @Test("a payload of which only a part was kept ends with an ellipsis")
    func cutByLimit() throws {
        let row = try #require(rows { $0.frame(.client, 0x81, Array("Hell".utf8), length: 5) }.first)
        #expect(row.hasSuffix("Hell…"))
    }

    @Test("a frame that is not whole says how much of it was captured")
    func incomplete() throws {
        let row = try #require(rows { $0.frame(.client, 0x81, Array("He".utf8), length: 4_096, captured: 2) }.first)
        #expect(row.hasSuffix("4,096 B  (2 B captured) He…"))
    }

    @Test("findings stand under their frame, with mark, name, sentence and rule")
    func finding() {
        let shown = rows { $0.frame(.client, 0x81, [0x41], violations: [Script.unmasked]) }
        #expect(
            shown.last
                == "            #1     ✗ frame-client-unmasked  the client sent a frame without a mask (RFC 6455 §5.1)")
    }

    @Test("a finding without its row says which frame it is about")
    func findingAlone() throws {
        var script = Script()
        script.frame(.client, 0x81, [0x41], violations: [Script.unmasked])
        let shown = try #require(lines(script, ReportOptions(events: .finding)).first)
        #expect(shown.hasPrefix("  0.000700  #1   client →  frame 1  ✗ frame-client-unmasked  "))
    }

    @Test(
        "the heading gives the verdict and what it comes from",
        arguments: [
            (.valid, 101, "✓ valid · 127.0.0.1:51234 → 127.0.0.1:8080 · GET localhost:8080/chat"),
            (.refused, 403, "✗ refused · 403 Forbidden · 127.0.0.1:51234 → 127.0.0.1:8080 · GET localhost:8080/chat"),
        ] as [(Verdict, Int, String)])
    func heading(verdict: Verdict, status: Int, shown: String) {
        let heading = rows { $0.handshake(verdict, response: Script.response(status, "Forbidden")) }
        #expect(heading == ["  0.000700  #1   \(shown)"])
    }

    @Test("handshakes that are not whole say which part is missing")
    func partialHeadings() {
        let shown = rows {
            $0.handshake(.unanswered, response: nil)
            $0.handshake(.unverifiable, on: 2, request: nil)
            $0.handshake(.midstream, on: 3, request: nil, response: nil)
        }
        #expect(shown[0].contains("? unanswered · no response was captured · "))
        #expect(shown[1].contains("? unverifiable · the request was not captured · "))
        #expect(shown[2].contains("~ midstream · the handshake was not captured · "))
    }

    @Test("expected and found stand below each other, and a handshake's findings are told once")
    func wrongAccept() {
        let shown = rows { $0.handshake(.invalid, violations: [Script.wrongAccept]) }
        #expect(
            shown.dropFirst() == [
                "            #1     ✗ response-accept-wrong  the Sec-WebSocket-Accept does not match the key (RFC 6455 §4.1)",
                "            #1       expected  s3pPLMBiTxaQ9kYGzzhZRbK+xOo=",
                "            #1       found     AAAAAAAAAAAAAAAAAAAAAAAAAAA=",
            ])
    }

    @Test("whatever a heading says is not said again below it, and something else is")
    func toldOnce() {
        let shown = rows {
            let limit = Violation(.captureLimitReached, "a limit")
            $0.handshake(.midstream, request: nil, response: nil, violations: [limit])
            $0.finding(Violation(.captureBytesMissing, "9 bytes are missing"), by: .server)
        }
        #expect(shown.count == 2 && shown[1].contains("← server  i capture-bytes-missing  9 bytes are missing"))
    }

    @Test("an empty line sets a heading apart from the rows above it")
    func emptyLines() {
        var script = Script()
        script.handshake()
        script.handshake(on: 2)
        script.text(.client, "x")
        script.handshake(on: 3)
        let shown = script.text(of: TableReport()).split(separator: "\n", omittingEmptySubsequences: false)
        #expect(shown.indices.filter { shown[$0].isEmpty } == [3, 5, 9])
    }

    @Test("the closing line says who, why, whether cleanly, how long and how much")
    func closing() {
        var client = DirectionStatistics()
        client.frames = 1
        client.payloadBytes = 1_234
        let shown = rows(
            {
                $0.close(code: 1_001, reason: "bye", client: client) {
                    $0.answerTime = 150_000
                    $0.endedBySender = .server
                }
                $0.close(code: nil, isClean: false, by: .rst)
                $0.close(hasFrame: false, initiator: .server, isClean: false, by: .fin) {
                    $0.idleTime = 60_049_000_000
                }
                $0.close(code: 1_000, isClean: false, by: .captureEnd)
                $0.close(hasFrame: false, initiator: .client, isClean: false, by: .captureEnd) {
                    $0.idleTime = 999_999_999
                }
                $0.close(hasFrame: false, initiator: nil, isClean: false, by: .captureEnd)
            }, width: 200)
        let counts = "client → 0 frames, 0 B · ← server 0 frames, 0 B"
        #expect(
            shown == [
                "  0.000700  #1   ✓ closed by the client: 1001 going away “bye” · clean · answered after 150 µs · "
                    + "FIN from the server · 700 µs · client → 1 frame, 1,234 B · ← server 0 frames, 0 B",
                "  0.001400  #1   ! closed by the client: no code · close frame not answered · the client sees 1006 · RST · "
                    + "1.4 ms · \(counts)",
                "  0.002100  #1   ! closed by the server without a close frame · after 60 s idle · "
                    + "applications see 1006 · 2.1 ms · \(counts)",
                "  0.002800  #1   ~ closed by the client: 1000 normal closure · close frame not answered · "
                    + "open when the capture ends · 2.8 ms · \(counts)",
                "  0.003500  #1   ~ half closed by the client, open when the capture ends · 3.5 ms · \(counts)",
                "  0.004200  #1   ~ open when the capture ends · 4.2 ms · \(counts)",
            ])
    }

    @Test("the closing line tells of pings where there were any")
    func pings() throws {
        let pings = Script.pings(milliseconds: [1, 2, 90, nil])
        let shown = rows({ $0.close(code: 1_000, clientPings: pings) }, width: 200)
        #expect(
            try #require(shown.first).hasSuffix(" · 4 pings, 1 unanswered, RTT median 2 ms, p95 90 ms"))
        let one = rows({ $0.close(code: 1_000, clientPings: Script.pings(milliseconds: [3])) }, width: 200)
        #expect(try #require(one.first).hasSuffix(" · 1 ping, RTT 3 ms"))
        let unanswered = rows({ $0.close(code: 1_000, clientPings: Script.pings(milliseconds: [nil])) }, width: 200)
        #expect(try #require(unanswered.first).hasSuffix(" · 1 ping, 1 unanswered"))
    }

    @Test(
        "a duration is rounded to three digits, without zeros at its end",
        arguments: [
            (0, "0 s"), (999, "999 ns"), (1_000, "1 µs"), (1_004, "1 µs"), (1_005, "1.01 µs"), (87_000, "87 µs"),
            (87_049, "87 µs"), (87_050, "87.1 µs"), (999_499, "999 µs"), (999_500, "1 ms"), (1_000_000, "1 ms"),
            (9_995_000, "10 ms"), (99_949_999, "99.9 ms"), (296_761_000, "297 ms"), (999_999_999, "1 s"),
            (2_005_000_000, "2.01 s"), (4_778_200_000, "4.78 s"), (59_960_000_000, "60 s"),
            (999_400_000_000, "999 s"), (999_600_000_000, "16.7 min"), (1_234_500_000_000, "20.6 min"),
            (5_999_000_000_000, "1.67 h"), (13_498_000_000_000, "3.75 h"), (778_097_000_000_000, "9.01 d"),
            (86_400_000_000_000_000, "1000 d"), (.max, "106751 d"),
        ])
    func durations(nanoseconds: Int64, shown: String) throws {
        let row = try #require(rows({ $0.close(code: 1_000) { $0.answerTime = nanoseconds } }, width: 200).first)
        #expect(row.contains(" · answered after \(shown) · "))
    }

    @Test("a long length takes room from all that follows, so that columns stay columns")
    func longLengths() {
        let shown = rows(
            {
                $0.text(.client, "a")
                $0.frame(.server, 0x82, [0x41], length: 11_666_400, captured: 1)
                $0.text(.client, "b")
            }, width: 80)
        #expect(
            shown.map { String($0.prefix(46)) } == [
                "  0.000700  #1   client →  text         1 B  a",
                "  0.001400  #1   ← server  binary 11,666,400 B",
                "  0.002100  #1   client →  text            1 B",
            ])
    }

    @Test("a heading does not say the server's address twice")
    func addressAsHost() throws {
        let request = Script.request(fields: [("Host", "elsewhere")])
        #expect(try #require(rows { $0.handshake(request: request) }.first).hasSuffix(" · GET localhost:8080/chat"))
        let fields = [("Host", "127.0.0.1:8080"), ("Upgrade", "websocket")]
        let byAddress = HTTPHead(
            startLine: .request(method: "GET", target: "/chat", version: "HTTP/1.1"),
            fields: HTTPFields(fields.map { HTTPField(name: $0.0, value: $0.1) }), oddities: [],
            packet: PacketNumber(1), time: Script.start)
        #expect(try #require(rows { $0.handshake(request: byAddress) }.first).hasSuffix(":8080 · GET /chat"))
    }

    @Test("the first finding says once where findings are explained, where that is wanted")
    func hint() {
        for isWanted in [true, false] {
            var options = ReportOptions(payload: .preview)
            options.hintsAtExplanations = isWanted
            let hints = lines(.chat, options).filter { $0.contains("wstap explain") }
            #expect(hints == (isWanted ? ["            #2       wstap explain response-accept-wrong says more"] : []))
        }
    }

    @Test("absolute times are those of the day, with the date above")
    func absoluteTimes() {
        var script = Script()
        script.text(.client, "before")
        script.advance(microseconds: 14 * 3_600 * 1_000_000)
        script.text(.client, "after")
        let shown = lines(script, ReportOptions(events: .frame, payload: .preview), times: .absolute)
        #expect(
            shown == [
                "2026-11-20 UTC", "10:00:00.000823  #1   client →  text         6 B  before",
                "2026-11-21 UTC", "00:00:00.001523  #1   client →  text         5 B  after",
            ])
    }

    @Test("a packet from before the first one has a negative time")
    func negativeTime() {
        var script = Script()
        script.advance(microseconds: -2_000_000)
        script.text(.client, "x")
        #expect(lines(script, ReportOptions(events: .frame))[0].hasPrefix(" -1.999300  #1"))
    }

    @Test("all of a payload goes on lines of its own where the row is too short")
    func fullPayload() {
        var script = Script()
        script.text(.client, "short")
        script.text(.client, "first line\nsecond\tline")
        script.frame(.client, 0x82, (0..<20).map { $0 + 0x30 })
        script.frame(.client, 0x81, Array("a\nb".utf8), length: 9)
        let shown = lines(script, ReportOptions(events: .frame, payload: .full), width: 80)
        #expect(
            shown == [
                "  0.000700  #1   client →  text         5 B  short",
                "  0.001400  #1   client →  text        22 B",
                "            #1     first line",
                #"            #1     second\tline"#,
                "  0.002100  #1   client →  binary      20 B",
                "            #1     00000000  30 31 32 33 34 35 36 37  |01234567|",
                "            #1     00000008  38 39 3a 3b 3c 3d 3e 3f  |89:;<=>?|",
                "            #1     00000010  40 41 42 43              |@ABC|",
                "  0.002800  #1   client →  text         9 B",
                "            #1     a", "            #1     b", "            #1     … the rest was not kept",
            ])
    }

    @Test("without payloads a row ends with the length")
    func noPayload() {
        var script = Script()
        script.text(.client, "secret")
        #expect(
            lines(script, ReportOptions(events: .frame, payload: .none)) == [
                "  0.000700  #1   client →  text         6 B"
            ])
    }

    @Test("an empty capture is told as such")
    func empty() {
        #expect(lines(Script()) == ["packets     0 · 0 B", "connections 0 WebSocket (0 TCP in all)"])
    }

    @Test("the summary counts verdicts, frames, findings, other packets and losses")
    func summary() {
        let output = Script.chat.output(of: TableReport(ReportOptions(events: .summary)), dropped: 7)
        let shown = String(decoding: output, as: UTF8.self).split(separator: "\n")
        #expect(shown.contains("frames      14 in 7 messages"))
        #expect(shown.contains("not TCP     2 arp · 3 udp"))
        #expect(shown.contains("dropped     ! 7 packets lost by the capture"))
        #expect(shown.contains { $0.hasPrefix("findings    ✗ 1 frame-client-unmasked  the client") })
    }

    @Test("colours are there only when wanted, the same for a connection's every row, and end where they began")
    func colors() {
        let plain = Script.chat.output(of: TableReport())
        let colored = Script.chat.text(of: TableReport(color: true))
        #expect(!plain.contains(0x1B))
        #expect(colored.replacing(/\u{1B}\[[0-9;]*m/, with: "") == String(decoding: plain, as: UTF8.self))
        let first = colored.matches(of: /\u{1B}\[([0-9;]+)m#1\u{1B}/).map { String($0.1) }
        let second = colored.matches(of: /\u{1B}\[([0-9;]+)m#2\u{1B}/).map { String($0.1) }
        #expect(Set(first).count == 1 && Set(second).count == 1 && first[0] != second[0])
        for line in colored.split(separator: "\n") where line.contains("\u{1B}") {
            #expect(line.matches(of: /\u{1B}\[[0-9;]*m/).last?.0 == "\u{1B}[0m")
        }
    }
}
