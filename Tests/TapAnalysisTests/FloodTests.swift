import TapAnalysis
import TapCore
import TapTestSupport
import Testing

@Suite("Floods")
struct FloodTests {
    /// One segment for each of many connections.
    static func flood(_ count: Int, _ flags: TCPFlags, payload: [UInt8] = []) -> [CapturedPacket] {
        (0..<count).map { index in
            var tcp = TCPBytes(payload)
            tcp.flags = flags
            tcp.sourcePort = UInt16(1_024 + index % 60_000)
            var ip = IPv4Bytes(tcp.bytes)
            ip.source = IPAddress(ipv4: 0x0A00_0000 + UInt32(index / 60_000))
            return CapturedPacket(ip)
        }
    }

    @Test("more connections than the limit make the silent ones give way, and it is told")
    func manyFlows() {
        var options = AnalysisOptions()
        options.streams.flows = 100
        let observed = Observed(FloodTests.flood(1_000, [.syn]), options)
        #expect(observed.summary.flows == 1_000)
        #expect(observed.summary.flowsGivenUp == 900)
    }

    @Test("heads that are never finished hold no more memory than their limit")
    func unfinishedHeads() {
        var options = AnalysisOptions()
        options.heldHTTPLimit = 10_000
        let head = Array(("GET / HTTP/1.1\r\nX-Filler: " + String(repeating: "x", count: 975)).utf8)
        let observed = Observed(FloodTests.flood(100, [.syn], payload: head), options)
        // 1,001 bytes each: the tenth is the first that is too much.
        #expect(head.count == 1_001)
        #expect(observed.summary.flowsGivenUp == 91)
        #expect(observed.handshakes.isEmpty)
    }

    @Test("10,000 half-open connections are counted, and give nothing else")
    func halfOpen() {
        let observed = Observed(FloodTests.flood(10_000, [.syn]))
        #expect(observed.summary.flows == 10_000)
        #expect(observed.summary.flowsGivenUp == 0)
        #expect(observed.findings.isEmpty && observed.connections.isEmpty)
    }
}
