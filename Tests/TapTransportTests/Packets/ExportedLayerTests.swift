import TapCore
import TapTestSupport
import TapTransport
import Testing

@Suite("What Wireshark exports")
struct ExportedLayerTests {
    static let payload = Array("hello".utf8)
    private static let segment = TCPBytes(payload).bytes

    private static func tag(_ type: UInt16, _ value: [UInt8]) -> [UInt8] { ExportedPieces.tag(type, value) }

    private static func dissector(_ name: String) -> [UInt8] { tag(12, Array(name.utf8)) }

    private static let addresses = tag(20, [192, 0, 2, 1]) + tag(21, [198, 51, 100, 2]) + tag(24, [0, 0, 0, 0])

    private static let ports =
        addresses + tag(24, bigEndian(UInt32(2))) + tag(25, bigEndian(UInt32(443))) + tag(26, bigEndian(UInt32(9)))

    private static func packet(_ tags: [UInt8], _ content: [UInt8] = segment) -> CapturedPacket {
        CapturedPacket(tags + [0, 0, 0, 0] + content, .upperPDU)
    }

    @Test("a segment out of IPsec is one between the addresses beside it")
    func ipsec() throws {
        let (segment, payload) = try #require(Self.packet(Self.dissector("tcp\0") + Self.addresses).segment)
        #expect(payload == Self.payload)
        #expect(segment.source == Endpoint("192.0.2.1", 49_152) && segment.destination == Endpoint("198.51.100.2", 80))
    }

    @Test("its addresses may be those of IPv6")
    func ipv6() throws {
        let (source, destination) = (IPAddress("2001:db8::1"), IPAddress("2001:db8::2"))
        let tags = Self.dissector("tcp\0") + Self.tag(22, source.bytes) + Self.tag(23, destination.bytes)
        let (segment, _) = try #require(Self.packet(tags).segment)
        #expect(segment.source.address == source && segment.destination.address == destination)
    }

    @Test("cut at any byte it is cut short, or the beginning of the segment")
    func cut() throws {
        let packet = Self.packet(Self.dissector("tcp\0") + Self.addresses)
        let start = packet.bytes.count - Self.payload.count
        for count in packet.bytes.indices {
            guard count >= start else {
                #expect(packet.cut(to: count).content == .other(.cutShort), "cut to \(count)")
                continue
            }
            let (segment, payload) = try #require(packet.cut(to: count).segment)
            #expect(payload == Array(Self.payload.prefix(count - start)) && segment.payloadLength == 5)
        }
    }

    @Test("what TLS carried is a segment without a header, cut at any byte as well")
    func carried() throws {
        var pieces = ExportedPieces()
        pieces.write(Self.payload, from: .server)
        let packet = try #require(pieces.packets.first)
        let start = packet.bytes.count - Self.payload.count
        for count in 0...packet.bytes.count {
            guard count >= start else {
                #expect(packet.cut(to: count).content == .other(.cutShort), "cut to \(count)")
                continue
            }
            let (segment, payload) = try #require(packet.cut(to: count).segment)
            #expect(payload == Array(Self.payload.prefix(count - start)) && segment.payloadLength == 5)
            #expect(segment.isHeaderless && segment.source == pieces.server && segment.destination == pieces.client)
        }
    }

    @Test("nothing is read of what has neither a header of its own nor endpoints")
    func withoutHeader() {
        let unread = [
            [], Self.addresses, Self.dissector("tcp\0"), Self.dissector("data") + Self.addresses,
            Self.dissector("http-over-tls\0\0\0") + Self.addresses, Self.tag(34, [0, 1, 0, 0]) + Self.ports,
            Self.ports + Self.tag(26, bigEndian(UInt32(70_000))), Self.ports + Self.tag(24, bigEndian(UInt32(3))),
        ]
        for tags in unread { #expect(Self.packet(tags).content == .other(.otherLink), "\(tags)") }
    }
}
