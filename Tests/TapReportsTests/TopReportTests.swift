import TapAnalysis
import TapCore
import TapReports
import TapWebSocket
import Testing

@Suite("The screen of top")
struct TopReportTests {
    /// The lines of the screen so many seconds after what happened last.
    private func lines(
        after seconds: Double = 0, width: Int = 120, height: Int = 24, order: TopOrder = TopOrder(),
        _ build: (inout Script) -> Void
    ) -> [String] {
        var script = Script()
        build(&script)
        var report = TopReport(color: false)
        var output: [UInt8] = []
        report.write(script.observations, start: Script.start, to: &output)
        #expect(output.isEmpty)
        var now = script.summary.lastTime ?? Script.start
        now.nanoseconds += Int64(seconds * 1e9)
        let screen = report.screen(
            of: "lo", width: width, height: height, now: now, order: order, dropped: 0)
        return String(decoding: screen, as: UTF8.self)
            .split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    }

    /// The first words of each row: the numbers of the connections.
    private func numbers(_ lines: [String]) -> [String] {
        lines.compactMap { $0.split(separator: " ").first }.map(String.init)
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
        #expect(shown[2].hasPrefix("    # ▼frames/s"))
        #expect(numbers(shown) == ["#2", "#3", "#1"])
        let row = try #require(shown.first { $0.contains("#2") })
        #expect(row.split(separator: " ").prefix(5) == ["#2", "10", "20", "0", "50"])
        let calm = try #require(shown.first { $0.contains("#1") })
        #expect(calm.split(separator: " ").prefix(5) == ["#1", "0.2", "0.4", "0", "1"])
        #expect(row.contains("localhost:8080/chat"))
        #expect(shown.last?.hasPrefix("q quit · sort n number") == true)
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
        ] as [(Character, [String])])
    func order(key: Character, expected: [String]) {
        var order = TopOrder(.findings)
        for sorted in [expected, expected.reversed()] {
            let isKnown = order.press(key)
            #expect(isKnown && numbers(lines(order: order, talk)) == sorted)
        }
        let isKnown = order.press("x")
        #expect(!isKnown)
    }

    @Test("a narrow screen leaves out what one can do without, but for what it is sorted by", arguments: [80, 99, 100])
    func narrow(width: Int) throws {
        for (order, title) in [(TopOrder.Column.rate, "▼frames/s"), (.frames, "▼frames "), (.idle, "▼idle ")] {
            let shown = lines(width: width, order: TopOrder(order), talk)
            #expect(shown.allSatisfy { $0.count <= width } && shown[2].contains(title))
            let left = [" frames ", " idle "].count { shown[2].contains($0.replacing("▼", with: "")) }
            #expect(left == (width < 100 ? 0 : order == .rate ? 2 : 1), "\(shown[2])")
            let row = try #require(shown.first { $0.contains("#2") })
            #expect(row.contains("✓ localhost:8080/chat"))
            #expect(
                row.distance(from: row.startIndex, to: try #require(row.firstIndex(of: "l")))
                    == shown[2].distance(
                        from: shown[2].startIndex, to: try #require(shown[2].firstRange(of: "host and")?.lowerBound)))
            #expect(shown.last?.hasSuffix(" · i idle") == true)
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
        #expect(pinged.contains { $0.contains(" 700 µs ") } && !pinged.contains { $0.contains("23.4") })
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

    @Test("what has ended stays for a while, with how it ended")
    func ended() {
        let build = { (script: inout Script) in
            script.handshake()
            script.handshake(.refused, on: 2, response: Script.response(403, "No"))
            script.close(code: 1_000)
        }
        let shown = lines(after: 1, width: 140, build)
        #expect(shown.contains { $0.contains("closed by the client: 1000 normal closure") })
        #expect(shown.contains { $0.contains("refused: 403") })
        #expect(numbers(lines(after: 16, build)).isEmpty)
    }

    @Test("what does not fit is counted", arguments: [1, 3, 5, 10, 24, 50])
    func height(height: Int) {
        let shown = lines(height: height) { script in for number in 1...100 { script.handshake(on: number) } }
        #expect(shown.count == height)
        if height == 24 { #expect(numbers(shown).count == 19 && shown.contains("… and 81 more")) }
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
