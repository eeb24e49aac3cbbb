import TapAnalysis
import TapCore
import TapReports
import TapTestSupport
import TapWebSocket
import Testing

@Suite("What keys do with the screen of top")
struct TopViewTests {
    /// A screen with what was drawn last.
    private struct Seen {
        var report = TopReport(color: false, slow: 1_000_000_000)
        var view = TopView(of: "lo")
        var now = Script.start
        var height = 24
        var width = 100

        init(_ build: (inout Script) -> Void) {
            add(build)
            _ = lines()
        }

        mutating func add(_ build: (inout Script) -> Void) {
            var script = Script()
            build(&script)
            var output: [UInt8] = []
            report.write(script.observations, start: Script.start, to: &output)
            now = max(now, script.summary.lastTime ?? now)
        }

        mutating func lines() -> [String] {
            let screen = view.screen(report, width: width, height: height, now: now, dropped: 0)
            return String(decoding: screen, as: UTF8.self)
                .split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        }

        /// Presses keys one after the other, and answers what was asked for last.
        @discardableResult
        mutating func press(_ keys: TopKey...) -> TopView.Action {
            var action = TopView.Action.none
            for key in keys {
                action = view.press(key, report, now: now)
                _ = lines()
            }
            return action
        }

        mutating func type(_ text: String) { for character in text { press(.character(character)) } }

        /// The row that the cursor is on.
        mutating func selected() -> String { lines().first { $0.hasPrefix("›") } ?? "" }
    }

    private func many(_ count: Int) -> Seen {
        Seen { script in for number in 1...count { script.handshake(on: number) } }
    }

    @Test("the cursor moves by rows and pages, and stays with its connection while others are sorted")
    func cursor() {
        var seen = many(60)
        // Until somebody moves it, it stays at the top, whatever comes there.
        seen.add { $0.text(.client, "x", on: 33) }
        #expect(seen.selected().contains("#33 "))
        seen.press(.character("n"))
        #expect(seen.selected().contains("#1 "))
        seen.press(.down, .down, .character("j"))
        #expect(seen.selected().contains("#4 "))
        seen.press(.pageDown)
        #expect(seen.selected().contains("#24 "))
        #expect(seen.lines()[2].hasSuffix("5–24/60"))
        seen.press(.end)
        #expect(seen.selected().contains("#60 "))
        seen.press(.character("n"))
        #expect(seen.selected().contains("#60 ") && seen.lines()[3].contains("#60 "))
        seen.press(.home, .up)
        #expect(seen.selected().contains("#60 "))
        seen.press(.pageUp, .down)
        #expect(seen.selected().contains("#59 "))
    }

    @Test("Enter opens a connection as it goes, and Esc leads back")
    func talk() {
        var seen = Seen { script in
            script.handshake()
            script.handshake(on: 2)
            for number in 1...40 { script.message(.client, .text, Array("message \(number)".utf8), on: 2) }
        }
        seen.press(.character("n"), .down, .enter)
        var lines = seen.lines()
        #expect(lines[1].hasPrefix("#2  open") && lines.contains { $0.contains("→ message 40") })
        #expect(lines.count == 24 && lines.last?.contains("Esc back") == true)
        // What comes is seen at once.
        seen.add { $0.message(.server, .text, Array("an answer".utf8), on: 2) }
        #expect(seen.lines().contains { $0.contains("← an answer") })
        seen.press(.pageUp)
        lines = seen.lines()
        #expect(!lines.contains { $0.contains("an answer") } && lines[1].contains("21 lines below"))
        seen.press(.home)
        #expect(seen.lines().contains { $0.contains("✓ valid") })
        seen.press(.end)
        #expect(seen.lines().contains { $0.contains("an answer") })
        seen.press(.escape)
        #expect(seen.selected().contains("#2 "))
        #expect(seen.press(.character("q")) == .quit)
    }

    @Test("/ shows rows with words while one types, and Esc all again")
    func filter() {
        var seen = Seen { script in
            script.handshake(request: Script.request(target: "/chat"))
            script.handshake(on: 2, request: Script.request(target: "/feed"))
            script.handshake(
                .refused, on: 3, request: Script.request(target: "/feed"), response: Script.response(503, "No"))
        }
        seen.press(.character("/"))
        seen.type("FEED")
        #expect(seen.lines().last == "/FEED▏" && seen.lines()[2].hasSuffix(" 2 of 3"))
        seen.type(" !503")
        #expect(seen.lines()[2].hasSuffix(" 1 of 3") && seen.selected().contains("#2 "))
        seen.press(.enter)
        #expect(seen.lines()[0].contains(" · /FEED !503 · "))
        // What is typed is not taken for other keys.
        seen.press(.character("/"), .character("q"))
        seen.press(.escape)
        #expect(seen.lines()[0].contains("/FEED !503 · "))
        seen.press(.escape)
        #expect(!seen.lines()[2].contains(" of 3"))
    }

    @Test("g groups by path and by host; Enter opens a group")
    func groups() {
        var seen = Seen { script in
            for number in 1...6 {
                script.handshake(
                    on: number, request: Script.request(target: number < 5 ? "/chat?id=\(number)" : "/feed"))
            }
            script.close(on: 1, code: 1_011)
            script.text(.client, "x", on: 6)
        }
        seen.press(.character("g"))
        #expect(seen.lines()[2].contains("conns") && seen.selected().hasSuffix("  /feed"))
        #expect(seen.lines().contains { $0.contains(" 4 open 3 ") && $0.hasSuffix("  /chat") })
        seen.press(.down, .enter)
        #expect(
            seen.lines()[0].contains(" · localhost:8080 · in /chat · ")
                && seen.lines().contains { $0.hasSuffix("/chat?id=3") })
        #expect(!seen.lines().contains { $0.contains("/feed") })
        seen.press(.escape, .character("g"))
        #expect(seen.lines().contains { $0.contains(" 6 open 5 ") && $0.hasSuffix("  localhost:8080") })
        seen.press(.character("g"))
        #expect(seen.lines()[2].hasSuffix("  path") && seen.lines()[0].contains("top · lo · localhost:8080 · "))
    }

    @Test("of what was said the latest is kept, in order")
    func recent() {
        var seen = Seen { script in
            script.handshake()
            for number in 1...500 { script.message(.client, .text, Array("message \(number)".utf8)) }
        }
        seen.height = 300
        seen.press(.enter)
        let said = seen.lines().compactMap { $0.firstMatch(of: /→ message (\d+)/)?.output.1 }.compactMap { Int($0) }
        #expect(said == Array(301...500))
    }

    @Test("numbers have room in the first line, or are not there", arguments: [40, 60, 80, 100, 140])
    func totals(width: Int) {
        var seen = many(3)
        seen.width = width
        let whole = ["wstap top", "lo", "localhost:8080", "3 open", "3 seen", "0 frames/s", "0 B/s", "0 frames"]
        let shown = seen.lines()[0].components(separatedBy: " · ")
        #expect(shown == ["wstap top"] + whole.dropFirst().prefix(shown.count - 1))
        #expect(shown.count >= 3 && (shown.count == whole.count) == (width >= 100))
    }

    @Test("findings of one kind on one connection stand in one line")
    func repeated() {
        let build = { (script: inout Script) in
            for number in 1...2 { script.handshake(on: number) }
            for _ in 1...3 { script.finding(Violation(.applicationError, "no such method"), on: 1) }
            script.finding(Violation(.closeMissing, "gone"), on: 2)
        }
        var seen = Seen(build)
        let latest = seen.lines().suffix(4).prefix(3)
        #expect(latest.contains { $0.hasSuffix("#1 ! application-error ×3  no such method") })
        #expect(latest.contains { $0.hasSuffix("#2 ! close-missing  gone") })
        // Parts of seconds have no room there.
        seen.width = 80
        #expect(seen.lines().contains { $0.wholeMatch(of: /\d\d:\d\d:\d\d #2 ! close-missing  gone/) != nil })
    }

    @Test("p holds what is shown, and the rest goes on")
    func pause() {
        var seen = many(1)
        seen.press(.character("p"))
        seen.add { $0.handshake(on: 7) }
        #expect(seen.lines()[0].contains("PAUSED · 1 open") && !seen.lines().contains { $0.contains("#7") })
        seen.press(.character("p"))
        #expect(seen.lines()[0].contains("2 open") && seen.lines().contains { $0.contains("#7") })
    }

    @Test("w asks for a file, and says what came of it until the next key")
    func write() {
        var seen = many(1)
        seen.press(.character("w"))
        #expect(seen.lines().last == "write the packets so far to: wstap_20261120100000.pcapng▏")
        #expect(seen.press(.escape) == .none)
        seen.press(.character("w"))
        for _ in 0..<40 { seen.press(.backspace) }
        seen.type("a.pcapng")
        #expect(seen.press(.enter) == .write("a.pcapng"))
        seen.view.say("a.pcapng: 3 packets")
        #expect(seen.lines().last == "a.pcapng: 3 packets")
        seen.press(.up)
        #expect(seen.lines().last?.hasPrefix("↑↓ move") == true)
    }

    @Test(
        "? explains the keys, and fits on the smallest screens", arguments: [(80, 24), (120, 40), (200, 50), (40, 10)])
    func help(width: Int, height: Int) {
        var seen = many(1)
        (seen.width, seen.height) = (width, height)
        seen.press(.character("?"))
        let lines = seen.lines()
        #expect(lines.count == height && lines.allSatisfy { $0.count <= width })
        #expect(lines[1] == "Keys" && lines.last == "Esc back")
        if height >= 24 {
            #expect(lines.contains { $0.contains("with the totals") } && lines.contains { $0.contains("503") })
        }
        seen.press(.escape)
        #expect(seen.lines().contains { $0.contains("#1 ") })
    }

    @Test("Ctrl-Z is passed on, whatever is shown")
    func suspend() {
        var seen = many(1)
        #expect(seen.press(.suspend) == .suspend)
        #expect(seen.press(.character("/"), .suspend) == .suspend)
    }

    @Test(
        "no key and no screen, however small, is too much", arguments: [(40, 1), (40, 3), (50, 4), (79, 24), (300, 80)])
    func everyKey(width: Int, height: Int) {
        var seen = many(30)
        (seen.width, seen.height) = (width, height)
        let keys: [TopKey] = [
            .up, .down, .left, .right, .pageUp, .pageDown, .home, .end, .enter, .escape, .backspace,
        ]
        var generator = SeededGenerator(seed: width)
        for _ in 0..<2_000 {
            let key = Bool.random(using: &generator) ? keys.randomElement(using: &generator) : nil
            seen.press(key ?? .character("nsrbftei/gpw?hqjk x".randomElement(using: &generator) ?? "x"))
            let lines = seen.lines()
            #expect(lines.count <= height && lines.allSatisfy { $0.count <= width })
        }
    }

    @Test("what strangers send acts on nothing, wherever it is shown")
    func hostile() {
        var seen = Seen { script in
            script.handshake(request: Script.request(target: "/\u{1B}]0;x\u{7}\u{202E}"))
            script.text(.client, "\u{1B}[2J\u{9B}31m")
            script.finding(Violation(.closeMissing, "\u{1B}[1m"))
        }
        for key in [TopKey.character("g"), .character("g"), .character("g"), .enter] {
            seen.press(key)
            let text = seen.lines().joined()
            #expect(!text.unicodeScalars.contains { $0.properties.generalCategory == .control || $0 == "\u{202E}" })
            #expect(text.contains("\\x1b"))
        }
    }
}
