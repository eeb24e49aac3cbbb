import TapAnalysis
import TapCore
import TapTestSupport
import Testing

/// Limits on legs that are known by their keys.
@Suite("Limits on legs")
struct LegLimitTests {
    /// As many exchanges, both legs of each, which are all open at the end.
    private static func totals(_ exchanges: Int, observesConnections: Bool) -> Summary {
        var options = AnalysisOptions()
        (options.observesConnections, options.observesFrames) = (observesConnections, false)
        var analyzer = Analyzer(options: options)
        var number: UInt64 = 0
        func receive(_ conversation: inout Conversation) {
            for segment in conversation.segments {
                number += 1
                let packet = segment.packet(number: number, nanoseconds: Int64(number) * 1_000, .ethernet)
                analyzer.receive(packet.header, packet.bytes.span.bytes)
            }
            conversation.segments = []
        }
        for index in 0..<exchanges {
            let port = UInt16(1_024 + index)
            let key = HandshakeBytes.key(
                (0..<16).map { UInt8(truncatingIfNeeded: index >> (8 * ($0 & 3))) &+ UInt8($0) })
            let handshake = HandshakeBytes(key: key)
            var first = Conversation(
                client: Endpoint("192.0.2.1", port), server: Endpoint("198.51.100.2", 80),
                clientISN: UInt32(index) &* 5_000_017)
            var second = Conversation(
                client: Endpoint("198.51.100.2", port), server: Endpoint("203.0.113.3", 80),
                clientISN: UInt32(index) &* 5_000_017 &+ 9_000_000)
            first.send(handshake.request.bytes, from: .client, isAcknowledged: false)
            receive(&first)
            second.send(handshake.request.bytes, from: .client, isAcknowledged: false)
            second.send(handshake.response.bytes, from: .server, isAcknowledged: false)
            receive(&second)
            first.send(handshake.response.bytes, from: .server, isAcknowledged: false)
            receive(&first)
            var batch = Observations()
            analyzer.takeObservations(into: &batch)
        }
        return analyzer.summary
    }

    @Test("where ends are observed those beyond are counted, and where only a summary is asked for nothing is")
    func ends() {
        let exchanges = 33_000
        for (observes, expected) in [(true, 2 * exchanges - 65_536), (false, 0)] {
            let totals = Self.totals(exchanges, observesConnections: observes)
            #expect(totals.secondLegs == exchanges, "\(observes)")
            #expect(totals.pairsGivenUp == expected, "\(observes)")
        }
    }
}
