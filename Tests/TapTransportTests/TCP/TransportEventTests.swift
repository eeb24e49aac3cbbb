import TapCore
import TapTestSupport
import TapTransport
import TapWebSocket
import Testing

/// What TCP had to do: only what the capture shows is said, and of whom.
@Suite("What TCP had to do")
struct TransportEventTests {
    /// A conversation whose segments come at times of their own, in milliseconds.
    struct Script: Sendable {
        var conversation = Conversation()
        var times: [Double] = []

        /// Opens the connection at once.
        static var opened: Script {
            var script = Script()
            script.conversation.handshake()
            script.times = [0, 0, 0]
            return script
        }

        mutating func add(
            _ time: Double, _ sender: Sender, _ text: String = "", _ flags: TCPFlags = [.ack], window: UInt16 = .max,
            back: Int = 0
        ) {
            conversation.add(sender, flags, Array(text.utf8))
            let last = conversation.segments.count - 1
            conversation.segments[last].window = window
            conversation.segments[last].sequenceNumber = conversation.segments[last].sequenceNumber.advanced(by: -back)
            times.append(time)
        }

        /// The same segment once more.
        mutating func again(_ time: Double, _ index: Int) {
            conversation.segments.append(conversation.segments[index])
            times.append(time)
        }

        func events(limits: StreamLimits = StreamLimits()) -> [RecordingSink.Event] {
            follow(conversation.segments, limits: limits, times: times.map { Int64($0 * 1_000_000) }).events
        }

        /// How long a window was closed, by whom, in milliseconds; and whether it was seen to open.
        var closings: [String] {
            events().compactMap { event in
                guard case .closedWindow(let window) = event.event else { return nil }
                let owner = event.endpoint == conversation.client ? "client" : "server"
                return "\(owner) \(window.duration / 1_000_000)\(window.isOpened ? "" : "+")"
            }
        }

        var retransmissions: Int { events().count { $0.event == .retransmission } }

        /// The same is told twice: once the connection is open, and before it is over.
        var roundTrip: Int64? {
            let events = events().map(\.event)
            for case .roundTrip(let time) in events { return events.first == .opened(time) ? time : -1 }
            return events.contains { if case .opened = $0 { true } else { false } } ? -1 : nil
        }
    }

    struct Row: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let closings: [String]
        let script: Script

        init(_ name: String, _ closings: [String], talk: (inout Script) -> Void) {
            testDescription = name
            self.closings = closings
            var script = Script.opened
            script.add(900, .client, "abcd")
            talk(&script)
            self.script = script
        }
    }

    static let windows = [
        Row("closed, asked about, and opened", ["server 3900"]) {
            $0.add(1_000, .server, window: 0)
            $0.add(1_500, .client, back: 1)
            $0.add(1_501, .server, window: 0)
            $0.add(4_900, .server)
        },
        Row("asked about with a byte that there was no room for", ["server 3900"]) {
            $0.add(1_000, .server, window: 0)
            $0.add(1_500, .client, "e")
            $0.conversation.add(.server, [.ack])
            $0.conversation.segments[$0.conversation.segments.count - 1].window = 0
            $0.times.append(1_501)
            $0.add(4_900, .server)
        },
        Row("closed for a millisecond", ["server 1"]) {
            $0.add(1_000, .server, window: 0)
            $0.add(1_001, .server)
        },
        Row("not asked about for long: it may have been opened in between", []) {
            $0.add(1_000, .server, window: 0)
            $0.add(4_900, .server)
        },
        Row("opened in a segment that is not there, as what follows shows", ["server 500+"]) {
            $0.add(1_000, .server, window: 0)
            $0.add(1_500, .server, window: 0)
            $0.add(3_000, .client, "efgh")
            $0.add(3_001, .server)
        },
        Row("never opened", ["server 2500+"]) {
            for time in [1_000.0, 2_000, 3_500] { $0.add(time, .server, window: 0) }
        },
        Row("never opened, and the client gives up", ["server 1000+"]) {
            for time in [1_000.0, 2_000] { $0.add(time, .server, window: 0) }
            $0.add(9_000, .client, "", [.rst, .ack])
        },
        Row("opened behind a hole of its owner", ["server 500+"]) {
            $0.add(1_000, .server, window: 0)
            $0.add(1_500, .server, window: 0)
            $0.add(4_000, .server, "efgh", back: -100)
        },
        Row("a copy of what closed it, after it was opened", ["server 500"]) {
            $0.add(1_000, .server, window: 0)
            $0.add(1_500, .server)
            $0.again(1_500.01, 4)
            $0.add(9_000, .server)
        },
        Row("of a RST", []) {
            $0.add(1_000, .server, "", [.rst, .ack], window: 0)
            $0.add(3_000, .client, "efgh")
        },
        Row("after the other peer has said that nothing more comes", []) {
            $0.add(1_000, .client, "", [.fin, .ack])
            $0.add(1_001, .server, window: 0)
            $0.add(3_000, .server, window: 0)
            $0.add(4_000, .server)
        },
        Row("of both, each for itself", ["client 1500", "server 2000"]) {
            $0.add(1_000, .server, window: 0)
            $0.add(1_100, .client, window: 0)
            $0.add(1_500, .server, window: 0)
            $0.add(1_600, .client, window: 0)
            $0.add(2_600, .client)
            $0.add(3_000, .server)
        },
        Row("twice", ["server 2000", "server 1000"]) {
            for start in [1_000.0, 5_000] {
                $0.add(start, .server, window: 0)
                $0.add(start + 500, .server, window: 0)
                $0.add(start == 1_000 ? 3_000 : 6_000, .server)
                $0.add(start + 3_000, .client, "more")
            }
        },
    ]

    @Test("a window that is closed", arguments: windows)
    func window(row: Row) {
        #expect(row.script.closings == row.closings)
        // Whoever looks at it, nothing else changes.
        #expect(row.script.retransmissions == 0)
    }

    @Test("a window is not followed where nobody wants the bytes")
    func unwanted() {
        var script = Script.opened
        script.add(900, .client, "abcd")
        for time in [1_000.0, 2_000, 3_000] { script.add(time, .server, window: 0) }
        let sink = follow(
            script.conversation.segments, times: script.times.map { Int64($0 * 1_000_000) }, interest: 3)
        #expect(sink.events.isEmpty)
    }

    struct Repetition: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let count: Int
        /// The same where nothing is remembered of what was sent, so that no copy can be told.
        let forgetful: Int
        let script: Script

        init(_ name: String, _ count: Int, forgetful: Int? = nil, talk: (inout Script) -> Void) {
            testDescription = name
            self.count = count
            self.forgetful = forgetful ?? count
            var script = Script.opened
            script.add(10, .client, "abcd")
            talk(&script)
            self.script = script
        }
    }

    static let repetitions = [
        Repetition("once more after a while", 1) { $0.again(300, 3) },
        Repetition("twice more", 2) {
            $0.again(300, 3)
            $0.again(700, 3)
        },
        Repetition("a copy in the capture", 0, forgetful: 1) { $0.again(10.2, 3) },
        Repetition("a copy of what was sent again", 1) {
            $0.again(300, 3)
            $0.again(300.2, 3)
        },
        Repetition("with more behind it", 1) { $0.add(300, .client, "cdef", back: 2) },
        Repetition("a keep-alive, without and with a byte", 0) {
            $0.add(5_000, .client, back: 1)
            $0.add(9_000, .client, "x", back: 1)
        },
        Repetition("the byte of a probe with what follows it", 0) {
            $0.add(300, .client, "e")
            $0.add(900, .client, "efgh", back: 1)
        },
        Repetition("in another order", 0) {
            $0.add(11, .client, "efgh")
            $0.add(12, .client, "ijkl")
            $0.conversation.segments.swapAt(4, 5)
        },
    ]

    @Test("what was sent again", arguments: repetitions)
    func repetition(row: Repetition) {
        #expect(row.script.retransmissions == row.count)
        // What is too long ago to be compared was no copy.
        var limits = StreamLimits()
        limits.recentBytes = 0
        #expect(row.script.events(limits: limits).count { $0.event == .retransmission } == row.forgetful)
    }

    @Test("what comes after it was reported as missing was not seen before")
    func late() {
        var script = Script.opened
        script.add(10, .client, "abcd")
        script.add(20, .client, "efgh")
        script.add(21, .server)
        script.add(5_000, .client, "ijkl")
        script.add(5_001, .server)
        let first = script.conversation.segments.remove(at: 3)
        script.times.remove(at: 3)
        script.conversation.segments.append(first)
        script.times.append(9_000)
        #expect(script.retransmissions == 0)
    }

    @Test("how long the three segments took that opened the connection")
    func roundTrip() {
        var script = Script.opened
        script.times = [0, 20, 21.5]
        script.add(900, .client, "abcd")
        #expect(script.roundTrip == 21_500_000)
        // Of a flow that nobody wants, and of one that ends at once, it is the same.
        script.conversation.finish()
        script.times += [901, 902, 903, 904]
        #expect(script.roundTrip == 21_500_000)
    }

    @Test("where a segment of those came twice, or is not there, nobody knows", arguments: 0..<7)
    func unknownRoundTrip(kind: Int) {
        var script = Script.opened
        script.times = [0, 20, 21.5]
        switch kind {
        case 0...2:
            script.conversation.segments.remove(at: kind)
            script.times.remove(at: kind)
        case 3, 4:
            script.conversation.segments.insert(script.conversation.segments[kind - 3], at: kind - 3)
            script.times.insert(0, at: 0)
        case 5:
            // Longer than a SYN waits.
            script.times = [0, 20, 5_000]
        default:
            script.times = [30, 20, 10]
        }
        script.add(6_000, .client, "abcd")
        #expect(script.roundTrip == nil)
    }
}
