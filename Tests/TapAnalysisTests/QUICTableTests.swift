import TapAnalysis
import TapCore
import TapTestSupport
import Testing

@Suite("Connections of QUIC")
struct QUICTableTests {
    private struct Supply: TLSSecretsSupply {
        func secrets() -> [TLSSecrets] {
            let secret = String(repeating: "1f", count: 32)
            var bytes = Array("CLIENT_TRAFFIC_SECRET_0 \(secret) \(secret)\n".utf8)
            return [TLSSecrets(wiping: &bytes, from: .keyLog)]
        }
    }

    /// What looks like a hello, from so many clients.
    private static func flood(_ count: Int, keys: Bool) -> Summary {
        var options = AnalysisOptions()
        if keys { options.tls.supply = Supply() }
        var analyzer = Analyzer(options: options)
        var observations = Observations()
        var generator = SeededGenerator(seed: 5)
        for number in 0..<count {
            let start: [UInt8] = [0xC3, 0, 0, 0, 1, 8] + generator.bytes(8) + [0, 0, 0x40, 0x60]
            let datagram = UDPBytes(to: 443, start + generator.bytes(0x60))
            var ip = IPv4Bytes(datagram.bytes)
            ip.protocolNumber = 17
            ip.source = IPAddress("10.0.\(number >> 8).\(number & 0xFF)")
            let packet = CapturedPacket(
                CapturedPacket(ip).bytes, .ethernet, number: UInt64(number + 1), nanoseconds: Int64(number))
            analyzer.receive(packet.header, packet.bytes.span.bytes)
            if analyzer.hasObservedMuch { analyzer.takeObservations(into: &observations) }
        }
        analyzer.finish()
        return analyzer.summary
    }

    @Test("that only look so are counted, and with keys the oldest are given up where there are too many")
    func floods() {
        let plain = Self.flood(9_000, keys: false)
        #expect(plain.quic.connections == 9_000 && plain.flowsGivenUp == 0)
        #expect(plain.quic.unread == [.handshakeNotCaptured: 9_000] && plain.unread.quicConnections == 9_000)
        let followed = Self.flood(9_000, keys: true)
        #expect(followed.quic.connections == 9_000 && followed.quic.unread == [.handshakeNotCaptured: 9_000])
        #expect(followed.flowsGivenUp > 0 && followed.flowsGivenUp < 9_000)
    }
}
