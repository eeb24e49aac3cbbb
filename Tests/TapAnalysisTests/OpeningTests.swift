import TapAnalysis
import TapTestSupport
import TapWebSocket
import Testing

@Suite("How long TCP took to open a connection")
struct OpeningTests {
    @Test("is known with the handshake, while the connection is open")
    func handshake() throws {
        var script = TimedConversation(.upgraded())
        script.send(FrameBytes(text: "hello"), from: .client)
        let observed = script.observed()
        // A millisecond lies between two packets.
        #expect(try #require(observed.handshakes.first).roundTrip == 2_000_000)
        #expect(try #require(observed.connections.first).roundTrip == 2_000_000)
    }

    @Test("is not known where one of the three segments was not captured", arguments: 0...2)
    func incomplete(missing index: Int) throws {
        var packets = TimedConversation(.upgraded()).packets()
        packets.remove(at: index)
        let observed = Observed(packets)
        #expect(try #require(observed.handshakes.first).roundTrip == nil)
        #expect(try #require(observed.connections.first).roundTrip == nil)
    }

    @Test("belongs to its connection alone")
    func several() throws {
        let first = TimedConversation(.upgraded()).packets()
        var second = TimedConversation(.upgraded(from: 50_001, HandshakeBytes())).packets(
            firstNumber: UInt64(first.count) + 1)
        second.removeFirst()
        let observed = Observed(first + second)
        #expect(observed.handshakes.map(\.roundTrip) == [2_000_000, nil])
        #expect(observed.connections.map(\.roundTrip) == [2_000_000, nil])
    }
}
