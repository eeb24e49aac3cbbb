import TapAnalysis
import TapCore
import TapTestSupport
import TapWebSocket
import Testing

/// Legs of exchanges that have no key in common, told by what was said on both.
@Suite("Legs by what was said")
struct MessagePairTests {
    private static let client = Endpoint("192.0.2.1", 40_000)
    private static let proxy = Endpoint("198.51.100.2", 80)

    /// A connection that says the same as others, or something of its own.
    private struct Leg {
        var client: Endpoint
        var server: Endpoint
        var asked: Int64 = 0
        var answeredAfter: Int64 = 1
        var texts = ["subscribe", "more"]
        var delay: Int64 = 0
        var end: Int64? = 1_500
        /// Of the client's frames, counted from there; each has one of its own where there is none.
        var masks: UInt32?
        var hasHandshake = true

        func conversation(_ number: Int) -> ScheduledConversation {
            let number8 = UInt8(truncatingIfNeeded: number)
            var talk = ScheduledConversation(
                from: client, to: server, isn: UInt32(truncatingIfNeeded: 100_000 + number * 7_919))
            if hasHandshake { talk.open(at: asked, key: number8 &* 3, answeredAfter: answeredAfter) }
            for (place, text) in texts.enumerated() {
                let time = asked + answeredAfter + 100 + Int64(place) * 100
                let mask =
                    (masks ?? UInt32(truncatingIfNeeded: number &* 0x9E37_79B9 | 1)) &+ UInt32(place) &* 0x01F3_0B07
                talk.say(text, from: .client, at: time + delay, maskingKey: mask)
                // What goes through a proxy comes back a little later than it was answered.
                talk.say("to \(text)", from: .server, at: time + 50 - delay)
            }
            if let end {
                let mask = masks.map { $0 ^ 0x5555_AAAA }
                talk.at(end) {
                    $0.send(FrameBytes(closing: 1000, maskingKey: mask), from: .client)
                    $0.send(FrameBytes(closing: 1000), from: .server)
                    $0.finish(.server)
                    $0.finish(.client)
                }
            }
            return talk
        }
    }

    private static func first(_ number: UInt16 = 0, _ change: (inout Leg) -> Void = { _ in }) -> Leg {
        var leg = Leg(client: Endpoint("192.0.2.\(1 + number % 200)", 40_000 + number), server: proxy)
        change(&leg)
        return leg
    }

    private static func second(_ number: UInt16 = 0, _ change: (inout Leg) -> Void = { _ in }) -> Leg {
        var leg = Leg(
            client: Endpoint("198.51.100.2", 50_000 + number), server: Endpoint("203.0.113.\(1 + number % 200)", 8_080),
            asked: 20, delay: 5)
        change(&leg)
        return leg
    }

    /// Each connection that was told to be a second leg, by its place, with its first; and the totals.
    private static func found(_ legs: [Leg]) throws -> (pairs: [Int: Int], summary: Summary) {
        let conversations = legs.enumerated().map { $1.conversation($0 + 1) }
        var analyzer = Analyzer()
        var pairs = try #require(MessagePairs(AnalysisOptions()))
        var places: [Int: Int] = [:]
        var found: [(Int, LegPair)] = []
        func take(_ batch: inout Observations) {
            pairs.receive(&batch)
            for observation in batch.all {
                switch observation {
                case .handshake(let handshake):
                    places[handshake.connection] = legs.firstIndex {
                        $0.client == handshake.client && $0.server == handshake.server
                    }
                case .connection(let connection):
                    if let pair = connection.pair { found.append((connection.number, pair)) }
                case .frame, .message, .finding, .tls: break
                }
            }
        }
        for packet in conversations.packets {
            analyzer.receive(packet.header, packet.bytes.span.bytes)
            var batch = Observations()
            analyzer.takeObservations(into: &batch)
            take(&batch)
        }
        analyzer.finish()
        var batch = Observations()
        analyzer.takeObservations(into: &batch)
        take(&batch)
        var summary = analyzer.summary
        pairs.add(to: &summary)
        var result: [Int: Int] = [:]
        for (number, pair) in found {
            let (first, second) = pair.leg == .first ? (number, pair.connection) : (pair.connection, number)
            result[places[second] ?? -1] = places[first]
        }
        return (result, summary)
    }

    @Test("are two where everything fits and nobody else does")
    func pair() throws {
        let rows: [(String, [Leg])] = [
            ("alone", [first(), second { $0.end = 1_510 }]),
            ("the second ends first", [first { $0.end = 1_510 }, second()]),
            ("another says something else", [first(), second(), second(1) { $0.texts = ["other"] }]),
            (
                "another that is open says something else",
                [
                    first(), second(),
                    second(1) {
                        $0.texts = ["x"]; $0.end = nil
                    },
                ]
            ),
            (
                "another was asked much later",
                [
                    first(), second(),
                    second(1) {
                        $0.asked = 1_300; $0.end = 1_900
                    },
                ]
            ),
            (
                "both were answered late",
                [
                    first {
                        $0.answeredAfter = 3_000; $0.end = 4_900
                    },
                    second {
                        $0.answeredAfter = 2_970; $0.end = 4_910
                    },
                ]
            ),
        ]
        for (name, legs) in rows {
            let (pairs, summary) = try Self.found(legs)
            #expect(pairs == [1: 0], "\(name)")
            #expect(summary.exchanges == legs.count - 1 && summary.pairsGivenUp == 0, "\(name)")
        }
    }

    @Test("are none where a third connection may be one, whenever that ended")
    func third() throws {
        let twin: (inout Leg) -> Void = { $0.end = 1_000 }
        let rows: [(String, [Leg])] = [
            ("it ended before both", [first(), second { $0.end = 1_600 }, second(1, twin)]),
            ("it ended between both", [first(), second { $0.end = 1_700 }, second(1) { $0.end = 1_600 }]),
            ("it ended after both", [first(), second { $0.end = 1_600 }, second(1) { $0.end = 1_800 }]),
            ("it is open", [first(), second { $0.end = 1_600 }, second(1) { $0.end = nil }]),
            (
                "it has said nothing",
                [
                    first(), second(),
                    second(1) {
                        $0.texts = []; $0.end = nil
                    },
                ]
            ),
            ("it is another first", [first(), second { $0.end = 1_600 }, first(1, twin)]),
            (
                "its beginning is not known",
                [
                    first(), second { $0.end = 1_600 },
                    second(1) {
                        $0.hasHandshake = false; $0.asked = 21
                    },
                ]
            ),
            ("both ended at different times", [first(), second { $0.end = 3_600 }]),
        ]
        for (name, legs) in rows {
            let (pairs, summary) = try Self.found(legs)
            #expect(pairs.isEmpty && summary.exchanges == legs.count, "\(name)")
        }
    }

    @Test("are none where more may be the other leg than are compared, and that is counted by connections")
    func crowd() throws {
        for count: UInt16 in [17, 40] {
            let others = (1..<count).map { number in
                Self.second(number) {
                    $0.texts = ["of \(number)"]
                    $0.asked = 19
                }
            }
            // Two that say what the first does: one is within the limit, the other beyond.
            let legs =
                [Self.first()] + others.prefix(15) + [Self.second(200)] + others.dropFirst(15) + [Self.second(201)]
            let (pairs, summary) = try Self.found(legs)
            #expect(pairs.isEmpty && summary.exchanges == legs.count)
            #expect((1...legs.count).contains(summary.pairsGivenUp))
        }
    }

    @Test("are two for certain where the masking keys are the same, however many others there are on one machine")
    func masks() throws {
        let local = "127.0.0.1"
        let count = 60
        let legs = (0..<count).flatMap { number in
            let masks = UInt32(number + 1) &* 0x0101_1307
            let (port, further) = (UInt16(30_000 + number), UInt16(40_000 + number))
            return [
                Leg(
                    client: Endpoint(local, port), server: Endpoint(local, 8_080), asked: Int64(number),
                    texts: ["the same", "of all"], masks: masks),
                Leg(
                    client: Endpoint(local, further), server: Endpoint(local, 8_081), asked: Int64(number) + 5,
                    texts: ["the same", "of all"], delay: 2, end: 1_600, masks: masks),
            ]
        }
        let (pairs, summary) = try Self.found(legs)
        #expect(pairs == Dictionary(uniqueKeysWithValues: (0..<count).map { (2 * $0 + 1, 2 * $0) }))
        #expect(summary.exchanges == count && summary.pairsGivenUp == 0)
    }

    @Test("are looked for only where somebody asks, and frames are observed with what is compared of them")
    func options() {
        func looks(_ change: (inout AnalysisOptions) -> Void) -> Bool {
            var options = AnalysisOptions()
            change(&options)
            return MessagePairs(options) != nil
        }
        #expect(looks { _ in } && looks { $0.payloadLimit = MessagePairs.payload })
        #expect(!looks { $0.findsPairs = false } && !looks { $0.observesFrames = false })
        #expect(!looks { $0.payloadLimit = MessagePairs.payload - 1 })
    }
}
