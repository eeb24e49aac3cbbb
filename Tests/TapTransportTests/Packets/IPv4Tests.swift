import TapTestSupport
import TapTransport
import Testing

@Suite("IPv4")
struct IPv4Tests {
    static let payload = Array("hello".utf8)

    @Test("padding of the link layer is never read as payload", arguments: 0...46)
    func padding(count: Int) throws {
        let packet = CapturedPacket(IPv4Bytes(TCPBytes(Self.payload).bytes), padding: count)
        let (segment, payload) = try #require(packet.segment)
        #expect(payload == Self.payload)
        #expect(segment.payloadLength == Self.payload.count)
    }

    @Test("a padded acknowledgment has no payload")
    func paddedAcknowledgment() throws {
        let (segment, payload) = try #require(CapturedPacket(IPv4Bytes(TCPBytes().bytes), padding: 6).segment)
        #expect(payload.isEmpty)
        #expect(segment.payloadLength == 0)
    }

    @Test("options are stepped over", arguments: [0, 1, 4, 11, 40])
    func options(count: Int) throws {
        var ip = IPv4Bytes(TCPBytes(Self.payload).bytes)
        ip.options = [UInt8](repeating: 1, count: count)
        #expect(CapturedPacket(ip).segment?.payload == Self.payload)
    }

    @Test("a total length of zero reaches to the end of the packet, as offloading leaves it")
    func zeroLength() throws {
        var ip = IPv4Bytes(TCPBytes([UInt8](repeating: 7, count: 70_000)).bytes)
        ip.statedLength = 0
        let whole = CapturedPacket(ip)
        #expect(whole.segment?.payload.count == 70_000)
        let (segment, payload) = try #require(whole.cut(to: 154).segment)
        #expect(payload.count == 100)
        #expect(segment.payloadLength == 70_000)
    }

    @Test("the payload's length on the wire is told where the capture holds less")
    func snapLength() throws {
        let packet = CapturedPacket(IPv4Bytes(TCPBytes(Self.payload).bytes)).cut(to: 56)
        let (segment, payload) = try #require(packet.segment)
        #expect(payload == Array("he".utf8))
        #expect(segment.payloadLength == 5)
    }

    struct Odd: Sendable, CustomTestStringConvertible {
        let name: String
        let ip: IPv4Bytes
        let kind: OtherPacket
        var testDescription: String { name }

        init(
            _ name: String, _ kind: OtherPacket, payload: [UInt8] = TCPBytes(payload).bytes,
            _ change: (inout IPv4Bytes) -> Void
        ) {
            self.name = name
            self.kind = kind
            var ip = IPv4Bytes(payload)
            change(&ip)
            self.ip = ip
        }
    }

    @Test(
        "what holds no segment is named",
        arguments: [
            Odd("UDP", .udp) { $0.protocolNumber = 17 },
            Odd("ICMP", .icmp) { $0.protocolNumber = 1 },
            Odd("SCTP", .sctp) { $0.protocolNumber = 132 },
            Odd("GRE", .otherIP) { $0.protocolNumber = 47 },
            Odd("a header of four words", .malformed) { $0.statedHeaderWords = 4 },
            Odd("a header of no words", .malformed) { $0.statedHeaderWords = 0 },
            Odd("a header longer than the packet", .malformed) { $0.statedHeaderWords = 15 },
            Odd("a total length below the header's", .malformed) { $0.statedLength = 19 },
            Odd("a total length without room for TCP", .malformed) { $0.statedLength = 39 },
        ])
    func named(odd: Odd) {
        #expect(CapturedPacket(odd.ip).content == .other(odd.kind))
    }

    @Test("the don't-fragment bit and the reserved bit make no fragment", arguments: [0, 0x4000, 0x8000] as [UInt16])
    func flags(field: UInt16) {
        var ip = IPv4Bytes(TCPBytes(Self.payload).bytes)
        ip.fragmentField = field
        #expect(CapturedPacket(ip).segment?.payload == Self.payload)
    }
}
