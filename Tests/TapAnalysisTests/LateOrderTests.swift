import TapAnalysis
import TapCore
import TapTestSupport
import TapWebSocket
import Testing

/// What is told of a connection whose packets are late, lost or badly timed: the order is that of TCP.
@Suite("Order and times of late packets")
struct LateOrderTests {
    private static let upgraded = Conversation.upgradedPackets

    /// A text of the client, then its close frame, which the server answers; FINs of both.
    private static let closed: Conversation = {
        var conversation = Conversation.upgraded()
        conversation.send(text: "the last words", from: .client)
        conversation.close(by: .client)
        return conversation
    }()

    struct Row: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let change: @Sendable (inout [ScriptedSegment]) -> Void
        var isAnswerTimed = true
    }

    @Test(
        "who closed first does not depend on when it was decoded",
        arguments: [
            Row(testDescription: "as it was sent", change: { _ in }),
            Row(
                testDescription: "the text comes last", change: { $0.append($0.remove(at: upgraded)) }),
            Row(
                testDescription: "the close frame comes behind its answer",
                change: { $0.insert($0.remove(at: upgraded + 2), at: upgraded + 4) }, isAnswerTimed: false),
            Row(
                testDescription: "the close frame comes last", change: { $0.append($0.remove(at: upgraded + 2)) },
                isAnswerTimed: false),
        ])
    func initiator(row: Row) throws {
        var segments = LateOrderTests.closed.segments
        row.change(&segments)
        let observed = Observed(segments)
        let connection = try #require(observed.connections.first)
        #expect(connection.close.initiator == .client && connection.close.sign == .close && connection.close.isClean)
        #expect(connection.close.endedBy == .fin && connection.close.endedBySender == .server)
        #expect(((connection.close.answerTime ?? 0) > 0) == row.isAnswerTimed)
        #expect(connection.fromClient.missingBytes == 0 && connection.fromServer.missingBytes == 0)
        #expect(connection.closed >= connection.opened)
        #expect(observed.ids == [])
    }

    @Test("a pong that is captured before its ping answers it")
    func ping() throws {
        var conversation = Conversation.upgraded()
        conversation.send(FrameBytes(.ping, Array("p".utf8)), from: .client)
        conversation.send(FrameBytes(.pong, Array("p".utf8)), from: .server)
        conversation.segments.append(conversation.segments.remove(at: LateOrderTests.upgraded))
        let pings = try #require(Observed(conversation).connections.first).clientPings
        #expect(pings.sent == 1 && pings.answered == 1 && pings.unsolicitedPongs == 0)
    }

    @Test(
        "no duration is negative where clocks step back", arguments: [1, 3, 5, 8, 11],
        [-1_000_000, -5_000_000_000] as [Int64])
    func clocks(packet: Int, step: Int64) throws {
        let packets = LateOrderTests.closed.segments.packets().enumerated().map { index, other in
            index < packet ? other : other.with(delay: step)
        }
        let connection = try #require(Observed(packets).connections.first)
        #expect(connection.closed >= connection.opened)
        #expect(connection.close.idleTime ?? 0 >= 0 && connection.close.answerTime ?? 0 >= 0)
    }

    @Test(
        "a connection of which one direction was captured is opened by what it has of the handshake",
        arguments: Sender.allCases)
    func oneSided(sender: Sender) throws {
        let packets = LateOrderTests.closed.segments.packets().enumerated().filter {
            LateOrderTests.closed.segments[$0.offset].sender == sender
        }.map(\.element)
        let observed = Observed(packets)
        let connection = try #require(observed.connections.first)
        let handshake = try #require(observed.handshakes.first)
        #expect(connection.opened == (sender == .client ? handshake.request?.time : handshake.response?.time))
        #expect(connection.closed > connection.opened)
    }

    @Test("bytes that come long after they were reported as missing are late, not missing")
    func late() throws {
        var conversation = Conversation.upgraded()
        for index in 0..<20 { conversation.send(text: "text \(index)", from: .server) }
        conversation.segments.append(conversation.segments.remove(at: LateOrderTests.upgraded))
        let packets = conversation.segments.packets().enumerated().map { index, packet in
            packet.with(delay: Int64(index) * 500_000_000)
        }
        let observed = Observed(packets)
        let server = try #require(observed.connections.first).fromServer
        #expect(server.missingBytes == 0 && server.undecodedBytes == 8 && server.frames == 19)
        #expect(observed.ids.contains(.captureBytesMissing) && observed.ids.contains(.tcpSegmentIgnored))
    }

    @Test(
        "a RST or FIN that its sender did not send accuses nobody",
        arguments: [[.rst, .ack], [.fin, .ack], .rst, .fin] as [TCPFlags], Sender.allCases)
    func forged(flags: TCPFlags, sender: Sender) throws {
        var conversation = Conversation.upgraded()
        var forged = conversation
        forged.add(sender, flags)
        conversation.segments.append(forged.segments[forged.segments.count - 1])
        conversation.send(text: "still here", from: sender)
        conversation.close(by: sender.peer)
        let observed = Observed(conversation)
        #expect(observed.ids == [.tcpSegmentIgnored] && observed.frames.count == 3)
        let close = try #require(observed.connections.first).close
        #expect(close.isClean && close.endedBy == .fin && close.initiator == sender.peer)
    }
}
