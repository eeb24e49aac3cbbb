import Foundation
import TapCore
import TapTestSupport
import Testing

/// Floods of TCP segments, and what the binary needs to get through them.
@Suite("Floods of segments", .disabled(if: Instrumentation.isPresent, "a sanitizer needs memory of its own"))
struct FloodMemoryTests {
    enum Flood: CaseIterable, Sendable {
        case opened
        case halfOpenWithSegment
        case sparse
        case sparseBackwards
        case repeated
    }

    private func packet(_ index: Int, of flood: Flood) -> CapturedPacket {
        var tcp = TCPBytes()
        var ip = IPv4Bytes([])
        switch flood {
        case .opened:
            tcp.flags = .syn
            tcp.sourcePort = UInt16(1_024 + index % 60_000)
            ip.source = IPAddress(ipv4: 0x0A00_0000 + UInt32(index / 60_000))
        case .halfOpenWithSegment:
            tcp.sourcePort = UInt16(1_024 + index / 2 % 2_000)
            tcp.flags = index % 2 == 0 ? .syn : .ack
            if index % 2 == 1 {
                tcp.sequenceNumber = 2_000 + UInt32(index / 4_000) * 3_000
                tcp.payload = [UInt8](repeating: 7, count: 1_400)
            }
        case .sparse, .sparseBackwards:
            tcp.flags = index == 0 ? .syn : .ack
            let place = UInt32(index) * 2
            tcp.sequenceNumber = index == 0 ? 1_000 : flood == .sparse ? 1_002 + place : 60_000_000 - place
            tcp.payload = index == 0 ? [] : [7]
        case .repeated:
            tcp.flags = .ack
            tcp.sequenceNumber = 1_000 + UInt32(index % 100)
            tcp.payload = [UInt8(truncatingIfNeeded: index)]
        }
        ip.payload = tcp.bytes
        var packet = CapturedPacket(ip)
        packet.header.timestamp = .init(nanoseconds: Int64(index) * 1_000)
        return packet
    }

    private func cost(_ flood: Flood, packets count: Int) throws -> Measured {
        let folder = try TemporaryFolder()
        let packets = (0..<count).map { packet($0, of: flood) }
        let path = try folder.file("flood.pcap", Data(CaptureBuilder.pcap(packets).bytes))
        let measured = try Measured(["read", "--events", "summary", path])
        #expect(measured.result.status == 0)
        return measured
    }

    @Test("take less than 48 MiB, and time in proportion to their length", arguments: Flood.allCases)
    func bounded(flood: Flood) throws {
        let few = try cost(flood, packets: 10_000)
        let many = try cost(flood, packets: 80_000)
        // Beyond what the program takes that does nothing, which is more where it is not optimized.
        let idle = try Measured(["--version"]).peak
        #expect(few.peak - idle < 48 << 20, "\((few.peak - idle) >> 10) KiB")
        #expect(many.peak - idle < 48 << 20, "\((many.peak - idle) >> 10) KiB")
        // Eight times as many packets: far more than eight times as long would be the square. Starting takes a while, too.
        #expect(many.time < 24 * max(few.time, 0.1))
    }
}
