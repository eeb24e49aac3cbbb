import TapAnalysis
import TapTestSupport
import TapWebSocket
import Testing

@Suite("Pings and pongs")
struct PingTests {
    struct Row: CustomTestStringConvertible, Sendable {
        let testDescription: String
        /// What the client and the server send, each a ping or a pong of one byte.
        let script: String
        var sent: UInt64 = 0
        var answered: UInt64 = 0
        var unsolicited: UInt64 = 0
        var stray: UInt64 = 0
    }

    /// A capital is a ping of the client, a small letter a pong of the server.
    static let rows = [
        Row(testDescription: "nothing", script: ""),
        Row(testDescription: "a ping and its pong", script: "Aa", sent: 1, answered: 1),
        Row(testDescription: "a ping without a pong", script: "A", sent: 1),
        Row(testDescription: "a pong without a ping", script: "a", unsolicited: 1),
        Row(testDescription: "a pong too many", script: "Aaa", sent: 1, answered: 1, unsolicited: 1),
        Row(testDescription: "another pong than was asked for", script: "Ab", sent: 1, stray: 1),
        Row(testDescription: "another one first", script: "Aba", sent: 1, answered: 1, stray: 1),
        Row(testDescription: "two pings, two pongs", script: "ABab", sent: 2, answered: 2),
        Row(testDescription: "one pong for two pings", script: "ABb", sent: 2, answered: 1),
        Row(
            testDescription: "a pong for a ping that a later one's pong has settled", script: "ABba", sent: 2,
            answered: 1,
            unsolicited: 1),
        Row(testDescription: "the same payload twice", script: "AAaa", sent: 2, answered: 2),
        Row(testDescription: "a ping after one that was answered", script: "AaB", sent: 2, answered: 1),
        Row(testDescription: "two pings one after the other", script: "AaBb", sent: 2, answered: 2),
        Row(testDescription: "another pong after the right one", script: "Aab", sent: 1, answered: 1, unsolicited: 1),
        Row(testDescription: "a pong before the first ping", script: "aAa", sent: 1, answered: 1, unsolicited: 1),
        Row(testDescription: "a heartbeat of pongs", script: "aaaa", unsolicited: 4),
    ]

    @Test("pings are matched with their pongs", arguments: rows, Sender.allCases)
    func matched(_ row: Row, pinger: Sender) throws {
        var conversation = Conversation.upgraded()
        for letter in row.script {
            let payload = Array(letter.lowercased().utf8)
            conversation.send(
                FrameBytes(letter.isUppercase ? .ping : .pong, payload), from: letter.isUppercase ? pinger : pinger.peer
            )
        }
        let observed = Observed(conversation)
        let connection = try #require(observed.connections.first)
        let pings = pinger == .client ? connection.clientPings : connection.serverPings
        #expect(pings.sent == row.sent && pings.answered == row.answered)
        #expect(pings.unsolicitedPongs == row.unsolicited && pings.strayPongs == row.stray)
        #expect(pings.unanswered == row.sent - row.answered && pings.roundTrips.count == row.answered)
        #expect(observed.ids == [])
        let others = pinger == .client ? connection.serverPings : connection.clientPings
        #expect(!others.isUsed)
    }

    @Test("of many pings without a pong, the last 64 are remembered")
    func bounded() throws {
        var conversation = Conversation.upgraded()
        for byte: UInt8 in 0..<100 { conversation.send(FrameBytes(.ping, [byte]), from: .server) }
        conversation.send(FrameBytes(.pong, [35]), from: .client)
        conversation.send(FrameBytes(.pong, [36]), from: .client)
        conversation.send(FrameBytes(.pong, [99]), from: .client)
        let pings = try #require(Observed(conversation).connections.first).serverPings
        #expect(pings.sent == 100 && pings.answered == 2 && pings.strayPongs == 1)
    }

    /// A connection whose pings take these times, in milliseconds, to be answered.
    private func roundTrips(_ times: [Int64]) throws -> RoundTrips {
        var timed = TimedConversation()
        for (index, time) in times.enumerated() {
            let payload = [UInt8(index & 0xFF), UInt8(index >> 8)]
            timed.sendAlone(FrameBytes(.ping, payload), from: .client)
            timed.wait((time - 1) * 1_000_000)
            timed.sendAlone(FrameBytes(.pong, payload), from: .server)
        }
        return try #require(timed.observed().connections.first).clientPings.roundTrips
    }

    @Test(
        "of round trips, the percentiles are those of the nearest rank", arguments: [1, 2, 3, 10, 99, 100, 101, 1_024])
    func percentiles(count: Int) throws {
        var generator = SeededGenerator(seed: count)
        let times = (0..<count).map { _ in Int64.random(in: 1...5_000, using: &generator) }
        let measured = try roundTrips(times)
        let sorted = times.sorted()
        for share in [0, 0.01, 0.5, 0.9, 0.95, 0.99, 1] {
            // The smallest time that at least this share does not exceed.
            let rank = (1...count).first { Double($0) >= share * Double(count) } ?? count
            #expect(measured.percentile(share) == sorted[rank - 1] * 1_000_000, "\(share)")
        }
        #expect(measured.count == UInt64(count))
        #expect(measured.shortest == sorted[0] * 1_000_000 && measured.longest == sorted[count - 1] * 1_000_000)
    }

    @Test("without round trips there are no percentiles")
    func none() throws {
        let measured = try roundTrips([])
        #expect(measured.count == 0 && measured.percentile(0.5) == nil && measured.shortest == nil)
        #expect(measured.joined(with: measured) == measured)
    }

    @Test(
        "of more than 1,024, percentiles are right within 0.1 %", arguments: [1_025, 2_500, 5_000])
    func many(count: Int) throws {
        var generator = SeededGenerator(seed: count)
        let times = (0..<count).map { _ in Int64.random(in: 1...1_000, using: &generator) }
        let measured = try roundTrips(times)
        #expect(measured.count == UInt64(count))
        #expect(measured.shortest == times.min().map { $0 * 1_000_000 })
        #expect(measured.longest == times.max().map { $0 * 1_000_000 })
        let sorted = times.sorted()
        for share in [0.1, 0.5, 0.9] {
            let exact = Double(sorted[Int((share * Double(count)).rounded(.up)) - 1] * 1_000_000)
            let near = Double(try #require(measured.percentile(share)))
            #expect(abs(near - exact) <= exact / 1_000, "\(share)")
        }
    }

    @Test("the round trips of both peers are joined")
    func joined() throws {
        let (one, other) = try (roundTrips([1, 5, 9]), roundTrips([2, 100]))
        let all = one.joined(with: other)
        #expect(all == other.joined(with: one) || all.percentile(0.5) == other.joined(with: one).percentile(0.5))
        #expect(all.count == 5 && all.shortest == 1_000_000 && all.longest == 100_000_000)
        #expect(all.percentile(0.5) == 5_000_000)
    }

    @Test("joined round trips weigh as much as there are of them", arguments: [1_000, 2_500, 5_000])
    func weights(count: Int) throws {
        let many = try roundTrips([Int64](repeating: 10, count: count))
        let few = try roundTrips([Int64](repeating: 100, count: 900))
        for all in [many.joined(with: few), few.joined(with: many)] {
            #expect(all.percentile(0.5).map { abs($0 - 10_000_000) <= 10_000 } ?? false)
            #expect(all.percentile(0.99).map { abs($0 - 100_000_000) <= 100_000 } ?? false)
            #expect(all.count == UInt64(count + 900))
        }
    }

    @Test("a pong from before its ping, by the clocks of a capture, took a time that nobody knows")
    func backwards() throws {
        var timed = TimedConversation()
        timed.sendAlone(FrameBytes(.ping, [1]), from: .client)
        timed.wait(-5_000_000)
        timed.sendAlone(FrameBytes(.pong, [1]), from: .server)
        let pings = try #require(timed.observed().connections.first).clientPings
        #expect(pings.answered == 1 && pings.roundTrips.count == 0)
    }
}
