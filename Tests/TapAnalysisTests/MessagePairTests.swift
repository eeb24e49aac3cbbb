import TapAnalysis
import TapCore
import TapTestSupport
import TapWebSocket
import Testing

/// Legs of exchanges that have no key in common, told by what was said on both.
@Suite("Legs by what was said")
struct MessagePairTests {

    /// A connection that says the same as others, or something of its own.
    private struct Leg {
        var client: Endpoint
        var server: Endpoint
        var asked: Int64 = 0
        var answeredAfter: Int64 = 1
        var texts = ["subscribe", "more"]
        var said: Int64 = 500
        var delay: Int64 = 0
        var end: Int64? = 1_500
        /// The first masking key of the client, from which the later ones follow; if absent, each connection has keys of its own.
        var masks: UInt32?
        var hasHandshake = true

        func conversation(_ number: Int) -> ScheduledConversation {
            let number8 = UInt8(truncatingIfNeeded: number)
            var talk = ScheduledConversation(
                from: client, to: server, isn: UInt32(truncatingIfNeeded: 100_000 + number * 7_919))
            if hasHandshake { talk.open(at: asked, key: number8 &* 3, answeredAfter: answeredAfter) }
            for (place, text) in texts.enumerated() {
                let time = said + Int64(place) * 100
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

        func ending(at time: Int64?) -> Leg {
            var leg = self
            leg.end = time
            return leg
        }

        func saying(at time: Int64) -> Leg {
            var leg = self
            leg.said = time
            return leg
        }

        static func first(_ number: UInt16 = 0, _ change: (inout Leg) -> Void = { _ in }) -> Leg {
            var leg = Leg(
                client: Endpoint("192.0.2.\(1 + number % 200)", 40_000 + number), server: Endpoint("198.51.100.2", 80))
            change(&leg)
            return leg
        }

        static func second(_ number: UInt16 = 0, _ change: (inout Leg) -> Void = { _ in }) -> Leg {
            var leg = Leg(
                client: Endpoint("198.51.100.2", 50_000 + number),
                server: Endpoint("203.0.113.\(1 + number % 200)", 8_080),
                asked: 20, delay: 5)
            change(&leg)
            return leg
        }
    }

    private struct NothingToDo: Error {}

    /// Each connection that was told to be a second leg, by its place, with its first; and the totals.
    private static func found(_ legs: [Leg]) throws -> (pairs: [Int: Int], summary: Summary) {
        let conversations = legs.enumerated().map { $1.conversation($0 + 1) }
        var analyzer = Analyzer()
        var batches: [Observations] = []
        func take() {
            var batch = Observations()
            analyzer.takeObservations(into: &batch)
            batches.append(batch)
        }
        for packet in conversations.packets {
            analyzer.receive(packet.header, packet.bytes.span.bytes)
            take()
        }
        analyzer.finish()
        take()
        guard var pairs = MessagePairs(AnalysisOptions()) else { throw NothingToDo() }
        var places: [Int: Int] = [:]
        var found: [(Int, LegPair)] = []
        for index in batches.indices {
            pairs.receive(&batches[index])
            for observation in batches[index].all {
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
        let other = Leg.second(1) { $0.texts = ["other"] }
        let rows: [(String, [Leg])] = [
            ("alone", [.first(), .second { $0.end = 1_510 }]),
            ("the second ends first", [.first { $0.end = 1_510 }, .second()]),
            ("another says something else", [.first(), .second(), other]),
            ("another that is open says something else", [.first(), .second(), other.ending(at: nil)]),
            (
                "another was asked much later",
                [.first(), .second(), Leg.second(1) { $0.asked = 1_300 }.saying(at: 1_350)]
            ),
            (
                "both were answered late",
                [
                    Leg.first { $0.answeredAfter = 3_000 }.saying(at: 3_500).ending(at: 4_900),
                    Leg.second { $0.answeredAfter = 2_970 }.saying(at: 3_500).ending(at: 4_910),
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
        let (first, second, twin) = (Leg.first(), Leg.second().ending(at: 1_600), Leg.second(1))
        let silent = Leg.second(1) { $0.texts = [] }.ending(at: nil)
        let midstream = Leg.second(1) { $0.hasHandshake = false }
        let rows: [(String, [Leg])] = [
            ("it ended before both", [first, second, twin.ending(at: 1_000)]),
            ("it ended between both", [first, second.ending(at: 1_700), twin.ending(at: 1_600)]),
            ("it ended after both", [first, second, twin.ending(at: 1_800)]),
            ("it is open", [first, second, twin.ending(at: nil)]),
            ("it has said nothing", [first, second, silent]),
            ("it is another first", [first, second, Leg.first(1).ending(at: 1_000)]),
            ("its beginning is not known", [first, second, midstream.ending(at: 1_550)]),
            ("both ended at different times", [first, second.ending(at: 3_600)]),
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
                Leg.second(number) {
                    $0.texts = ["of \(number)"]
                    $0.asked = 19
                }
            }
            // Two that say what the first does: one is within the limit, the other beyond.
            let legs = [Leg.first()] + others.prefix(15) + [Leg.second(200)] + others.dropFirst(15) + [Leg.second(201)]
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
            return switch MessagePairs(options) {
            case .some(_): true
            case .none: false
            }
        }
        #expect(looks { _ in } && looks { $0.payloadLimit = MessagePairs.payload })
        #expect(!looks { $0.findsPairs = false } && !looks { $0.observesFrames = false })
        #expect(!looks { $0.payloadLimit = MessagePairs.payload - 1 })
    }
}
