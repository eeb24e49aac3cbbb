import TapCore
import TapTestSupport
import TapTransport
import Testing

@Suite("What Wireshark exports")
struct ExportedLayerTests {
    static let payload = Array("hello".utf8)
    private static let tcp: [UInt8] = [0, 0, 0, 2]
    private static let (client, server) = (Endpoint("192.0.2.1", 49_152), Endpoint("2001:db8::2", 80))

    private static func tag(_ type: UInt16, _ value: [UInt8]) -> [UInt8] {
        bigEndian(type) + bigEndian(UInt16(value.count)) + value
    }

    /// Tags of addresses and ports, as they stand before what TCP carried.
    private static func endpoints(portType: [UInt8] = tcp) -> [UInt8] {
        tag(12, Array("http-over-tcp\0\0\0".utf8)) + tag(20, client.address.bytes) + tag(23, server.address.bytes)
            + tag(24, portType) + tag(25, [0, 0, 0xC0, 0]) + tag(26, [0, 0, 0, 80]) + tag(30, [0, 0, 0, 4])
    }

    /// The numbers of a segment from 100 on that ends before `next`.
    private static func numbers(next: UInt32 = 105, flags: UInt16 = 0x18, version: UInt16 = 1) -> [UInt8] {
        tag(
            34,
            bigEndian(version) + bigEndian(100 as UInt32) + bigEndian(next) + bigEndian(7 as UInt32) + [0]
                + bigEndian(flags) + [0, 0])
    }

    private static func packet(_ tags: [UInt8], _ payload: [UInt8] = payload) -> CapturedPacket {
        CapturedPacket(tags + [0, 0, 0, 0] + payload, .upperPDU)
    }

    @Test("what TCP carried is a segment with the numbers beside it")
    func carried() throws {
        let (segment, payload) = try #require(Self.packet(Self.endpoints() + Self.numbers()).segment)
        #expect(payload == Self.payload && segment.payloadLength == 5)
        #expect(segment.source == Self.client && segment.destination == Self.server)
        #expect(segment.sequenceNumber == SequenceNumber(100) && segment.acknowledged == SequenceNumber(7))
    }

    @Test("it ends the connection only where nothing of its segment follows")
    func end() throws {
        let (whole, _) = try #require(Self.packet(Self.endpoints() + Self.numbers(flags: 0x19)).segment)
        let (first, _) = try #require(Self.packet(Self.endpoints() + Self.numbers(next: 107, flags: 0x19)).segment)
        #expect(whole.flags.contains(.fin) && !first.flags.contains(.fin))
    }

    @Test("cut at any byte it is cut short, or the beginning of the segment")
    func cut() throws {
        let tags = Self.endpoints() + Self.numbers() + [0, 0, 0, 0]
        let packet = CapturedPacket(tags + Self.payload, .upperPDU)
        for count in packet.bytes.indices {
            guard count >= tags.count else {
                #expect(packet.cut(to: count).content == .other(.cutShort), "cut to \(count)")
                continue
            }
            let (segment, payload) = try #require(packet.cut(to: count).segment)
            #expect(payload == Array(Self.payload.prefix(count - tags.count)) && segment.payloadLength == 5)
        }
    }

    @Test("nothing is read that does not say where it belongs")
    func withoutNumbers() {
        let unread = [
            [], Self.endpoints(), Self.numbers(), Self.endpoints(portType: [0, 0, 0, 3]) + Self.numbers(),
            Self.endpoints() + Self.numbers(version: 2), Self.endpoints() + Self.tag(34, [0, 1, 0, 0]),
            Self.endpoints() + Self.tag(25, [0, 1, 0, 0]) + Self.numbers(),
            Self.tag(12, Array("tcp\0".utf8)), Self.tag(12, Array("data".utf8)),
        ]
        for tags in unread { #expect(Self.packet(tags).content == .other(.otherLink), "\(tags)") }
    }

    @Test("a segment out of IPsec is one between the addresses beside it")
    func ipsec() throws {
        let tags = Self.tag(12, Array("tcp\0".utf8)) + Self.tag(20, [192, 0, 2, 1]) + Self.tag(21, [198, 51, 100, 2])
        let (segment, payload) = try #require(Self.packet(tags, TCPBytes(Self.payload).bytes).segment)
        #expect(payload == Self.payload)
        #expect(segment.source == Self.client && segment.destination == Endpoint("198.51.100.2", 80))
    }
}
