import TapAnalysis
import TapTestSupport
import TapWebSocket
import Testing

@Suite("A clock that steps back")
struct ClockTests {
    /// A connection with a ping, with the time between packets, in milliseconds, before and after so many packets.
    private static func observed(stepAfter count: Int, by step: Int64) -> Observed {
        var conversation = Conversation.upgraded()
        conversation.send(FrameBytes(.ping, [1]), from: .client)
        conversation.send(FrameBytes(.pong, [1]), from: .server)
        conversation.send(text: "hello", from: .server)
        conversation.close(by: .client)
        let packets = conversation.segments.packets().enumerated().map { index, packet in
            packet.with(delay: (10_000 + Int64(index) + (index < count ? 0 : step)) * 1_000_000)
        }
        return Observed(packets)
    }

    @Test("gives no negative duration, and no duration of zero that nobody measured", arguments: 1...17)
    func durations(count: Int) throws {
        let observed = ClockTests.observed(stepAfter: count, by: -5_000)
        let connection = try #require(observed.connections.first)
        #expect(connection.closed >= connection.opened && connection.duration ?? 1 > 0)
        #expect(connection.clientPings.answered == 1)
        #expect(connection.clientPings.roundTrips.shortest ?? 1 > 0)
        #expect(connection.close.answerTime ?? 1 > 0 && connection.close.idleTime ?? 0 >= 0)
        #expect(connection.close.isClean)
        let (first, last) = (try #require(observed.summary.firstTime), try #require(observed.summary.lastTime))
        #expect(last.since(first) > 4_900_000_000)
    }

    @Test("is what duration, round trip and answer lack only where it stepped")
    func whole() throws {
        let connection = try #require(ClockTests.observed(stepAfter: 0, by: -5_000).connections.first)
        #expect(connection.duration != nil && connection.close.answerTime != nil)
        #expect(connection.clientPings.roundTrips.count == 1)
        let stepped = try #require(ClockTests.observed(stepAfter: 8, by: -5_000).connections.first)
        #expect(stepped.duration == nil && stepped.clientPings.roundTrips.count == 0)
        #expect(stepped.close.answerTime != nil)
    }
}
