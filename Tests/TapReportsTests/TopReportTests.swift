import TapAnalysis
import TapCore
import TapReports
import TapWebSocket
import Testing

@Suite("The screen of top")
struct TopReportTests {
    /// The lines of the screen so many seconds after what happened last.
    private func lines(
        after seconds: Double = 0, width: Int = 180, height: Int = 24, keys: String = "",
        _ build: (inout Script) -> Void
    ) -> [String] {
        var script = Script()
        build(&script)
        var report = TopReport(color: false, slow: 1_000_000_000)
        var output: [UInt8] = []
        report.write(script.observations, start: Script.start, to: &output)
        #expect(output.isEmpty)
        var now = script.summary.lastTime ?? Script.start
        now.nanoseconds += Int64(seconds * 1e9)
        var view = TopView(of: "lo")
        for key in keys { _ = view.press(.character(key), report, now: now) }
        let screen = view.screen(report, width: width, height: height, now: now, dropped: 0)
        return String(decoding: screen, as: UTF8.self)
            .split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    }

    /// The first words of each row: the numbers of the connections.
    private func numbers(_ lines: [String]) -> [String] {
        lines.compactMap { $0.replacing("›", with: " ").split(separator: " ").first }.map(String.init)
            .filter { $0.hasPrefix("#") && $0.count > 1 }
    }

    private func talk(_ script: inout Script) {
        for number in 1...3 { script.handshake(on: number) }
        for number in 1...3 {
            for _ in 0..<(number == 2 ? 50 : number) {
                script.frame(.client, 0x81, [0x41, 0x42], on: number, message: 1)
            }
        }
    }

    @Test("has a row for each connection, with what it sends in a second")
    func rows() throws {
        let shown = lines(talk)
        #expect(shown.count == 24)
        #expect(shown[0].hasPrefix("wstap top · lo · 3 open · 3 seen · 11 frames/s · 22 B/s · 54 frames"))
        #expect(shown[2].hasPrefix("     # state       ▼frames/s"))
        #expect(numbers(shown) == ["#2", "#3", "#1"])
        let row = try #require(shown.first { $0.contains("#2") })
        #expect(row.split(separator: " ").prefix(7) == ["›", "#2", "open", "10.0", "20", "0", "50"])
        let calm = try #require(shown.first { $0.contains("#1") })
        #expect(calm.split(separator: " ").prefix(6) == ["#1", "open", "0.2", "0.4", "0", "1"])
        #expect(row.contains("localhost:8080/chat") && row.contains("█"))
        #expect(shown.last?.hasSuffix("q quit · sort n s r b f t e i") == true)
    }

    @Test("rates fall to nothing once nothing is sent, and the silence is told")
    func silence() {
        #expect(lines(after: 4, talk)[0].contains(" 11 frames/s"))
        let later = lines(after: 6, talk)
        #expect(later[0].contains(" 0 frames/s") && later.contains { $0.contains(" 6.0 s ") })
    }

    @Test(
        "each key sorts, and once more the other way round",
        arguments: [
            ("n", ["#1", "#2", "#3"]), ("f", ["#2", "#3", "#1"]), ("b", ["#2", "#3", "#1"]), ("i", ["#1", "#2", "#3"]),
        ])
    func order(key: String, expected: [String]) {
        #expect(numbers(lines(keys: "e\(key)", talk)) == expected)
        #expect(numbers(lines(keys: "e\(key)\(key)", talk)) == expected.reversed())
        #expect(numbers(lines(keys: "e\(key)x", talk)) == expected)
    }

    @Test(
        "a narrow screen leaves out what one can do without, but for what it is sorted by",
        arguments: [80, 99, 100, 140, 180])
    func narrow(width: Int) throws {
        for (key, title) in [("r", "▲frames/s"), ("f", "▼frames "), ("i", "▼idle ")] {
            let shown = lines(width: width, keys: key, talk)
            #expect(shown.allSatisfy { $0.count <= width } && shown[2].contains(title))
            let left = ["frames ", "idle "].count { shown[2].contains($0) }
            #expect(left == (width >= 140 || key == "f" && width >= 100 ? 2 : key != "r" || width >= 100 ? 1 : 0))
            let row = try #require(shown.first { $0.contains("#3") })
            let (name, column) = width < 170 ? ("/chat", "path") : ("localhost:8080/chat", "host and path")
            #expect(
                row.distance(from: row.startIndex, to: try #require(row.firstRange(of: name)?.lowerBound))
                    == shown[2].distance(
                        from: shown[2].startIndex, to: try #require(shown[2].firstRange(of: column)?.lowerBound)))
            #expect(shown.last?.contains(" · q quit") == true)
        }
    }

    @Test("a pong with a ping's payload gives a round trip")
    func roundTrip() {
        let shown = lines { script in
            script.handshake()
            script.frame(.server, 0x89, [1, 2])
            script.frame(.client, 0x8A, [3])
            script.frame(.client, 0x8A, [1, 2])
        }
        #expect(shown.contains { $0.contains(" 1.4 ms ") })
    }

    @Test("before the first ping the round trip is that of TCP's handshake")
    func roundTripOfTCP() {
        let shown = lines { $0.handshake(roundTrip: 23_400) }
        #expect(shown.contains { $0.contains(" 23.4 µs ") })
        let pinged = lines { script in
            script.handshake(roundTrip: 23_400)
            script.frame(.server, 0x89, [1, 2])
            script.frame(.client, 0x8A, [1, 2])
        }
        #expect(pinged.contains { $0.contains(" 23.4 µs ") && $0.contains(" 700 µs ") })
        let narrow = lines(width: 80) { script in
            script.handshake(roundTrip: 23_400)
            script.frame(.server, 0x89, [1, 2])
            script.frame(.client, 0x8A, [1, 2])
        }
        #expect(narrow.contains { $0.contains(" 700 µs ") } && !narrow.contains { $0.contains("23.4") })
    }

    @Test("findings are counted by the worst, and the latest stand below")
    func findings() {
        let shown = lines { script in
            script.handshake()
            script.frame(.client, 0x81, [0x41], message: 1, violations: [Violation(.frameClientUnmasked, "no mask")])
            script.finding(Violation(.closeMissing, "gone"))
        }
        #expect(shown.contains { $0.contains(" ✗ 1 ") })
        #expect(shown.contains { $0.hasSuffix("#1 ✗ frame-client-unmasked  no mask") })
        #expect(shown.contains { $0.hasSuffix("#1 ! close-missing  gone") })
    }

    @Test("what has ended stays for a minute, behind the rest, with how it ended and who did that")
    func ended() {
        let build = { (script: inout Script) in
            script.handshake()
            script.handshake(.refused, on: 2, response: Script.response(503, "No"))
            script.handshake(on: 3)
            script.handshake(.invalid, on: 4)
            script.close(code: 1_011, initiator: .server)
            script.close(on: 3, hasFrame: false, initiator: .client, isClean: false)
        }
        let shown = lines(after: 1, width: 80, build)
        #expect(numbers(shown) == ["#4", "#1", "#2", "#3"])
        for state in ["#4 open ✗ ", "#1 1011 server ", "#2 503 ", "#3 1006 client "] {
            #expect(shown.contains { $0.contains(state) }, "\(state)")
        }
        #expect(
            shown[0].contains(" 1 open · 4 seen ") && shown[1].hasPrefix("ended 1006 ×1 1011 ×1 503 ×1"))
        let later = lines(after: 61, build)
        #expect(numbers(later) == ["#4"] && later[1].hasPrefix("no end in the last minute"))
    }

    @Test("what took too long makes a connection slow for a while")
    func slow() {
        let build = { (script: inout Script) in
            script.handshake()
            script.frame(.server, 0x89, [1])
            script.advance(microseconds: 1_500_000)
            script.frame(.client, 0x8A, [1])
        }
        #expect(lines(build).contains { $0.contains("#1 slow ") })
        #expect(lines(after: 31, build).contains { $0.contains("#1 open ") })
    }

    @Test("a minute is a row of columns, for all and for each where there is room")
    func activity() {
        let shown = lines { script in
            script.handshake()
            script.text(.client, "x")
            script.advance(microseconds: 30_000_000)
            for _ in 0..<7 { script.text(.client, "x") }
        }
        #expect(shown[1].hasSuffix("▂\(String(repeating: " ", count: 29))█"))
        #expect(shown.contains { $0.contains("#1") && $0.contains("▂\(String(repeating: " ", count: 9))█") })
    }

    @Test("what does not fit is counted", arguments: [1, 3, 5, 10, 24, 50])
    func height(height: Int) {
        let shown = lines(height: height) { script in for number in 1...100 { script.handshake(on: number) } }
        #expect(shown.count == height)
        if height == 24 { #expect(numbers(shown).count == 20 && shown[2].hasSuffix("1–20/100")) }
    }

    @Test("ten thousand connections that come and go leave room for more")
    func many() {
        let shown = lines { script in
            for number in 1...11_000 {
                script.advance(microseconds: 20_000)
                script.handshake(.refused, on: number, response: Script.response(403, "No"))
            }
            script.handshake(on: 11_001)
        }
        #expect(shown[0].contains("1 open · 11,001 seen"))
    }
}
