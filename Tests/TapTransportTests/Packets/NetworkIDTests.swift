import TapCore
import TapTestSupport
import Testing

@Suite("The network of a packet")
struct NetworkIDTests {
    private static let addresses: [UInt8] = [2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1]
    private static let ip = [0x08, 0x00] + IPv4Bytes(TCPBytes().bytes).bytes

    private static func network(_ frame: [UInt8]) throws -> [NetworkID.Element] {
        try #require(CapturedPacket(frame, .ethernet).segment).0.network.elements
    }

    /// A tag with its EtherType before it.
    private static func tag(_ identifier: UInt16, _ etherType: UInt16 = 0x8100) -> [UInt8] {
        bigEndian(etherType) + bigEndian(identifier)
    }

    private static func vxlan(_ network: UInt32, _ frame: [UInt8]) -> [UInt8] {
        var ip = IPv4Bytes(UDPBytes(to: 4789, [0x08, 0, 0, 0] + bigEndian(network << 8) + frame).bytes)
        ip.protocolNumber = 17
        return addresses + [0x08, 0x00] + ip.bytes
    }

    @Test("is that of its VLAN tags, the outermost first")
    func vlans() throws {
        #expect(try Self.network(Self.addresses + Self.ip) == [])
        #expect(try Self.network(Self.addresses + Self.tag(5) + Self.ip) == [.vlan(5)])
        #expect(try Self.network(Self.addresses + Self.tag(4_095) + Self.ip) == [.vlan(4_095)])
        #expect(try Self.network(Self.addresses + Self.tag(7, 0x88A8) + Self.tag(5) + Self.ip) == [.vlan(7), .vlan(5)])
    }

    @Test("is not the priority in a tag")
    func priority() throws {
        #expect(try Self.network(Self.addresses + Self.tag(0xE000) + Self.ip) == [])
        #expect(try Self.network(Self.addresses + Self.tag(0xE005) + Self.ip) == [.vlan(5)])
    }

    @Test("is that of its virtual network, in and around VLANs")
    func virtual() throws {
        #expect(try Self.network(Self.vxlan(0xABCDEF, Self.addresses + Self.ip)) == [.virtual(0xABCDEF)])
        #expect(try Self.network(Self.vxlan(0, Self.addresses + Self.ip)) == [.virtual(0)])
        let inner = Self.addresses + Self.tag(6) + Self.tag(7) + Self.ip
        #expect(try Self.network(Self.vxlan(9, inner)) == [.virtual(9), .vlan(6), .vlan(7)])
    }

    @Test("keeps the innermost of more than fits")
    func tooMany() throws {
        let tags = (1...7).flatMap { Self.tag(UInt16($0)) }
        #expect(try Self.network(Self.addresses + tags + Self.ip) == [.vlan(4), .vlan(5), .vlan(6), .vlan(7)])
        let deep = Self.vxlan(1, Self.vxlan(2, Self.vxlan(3, Self.addresses + Self.ip)))
        #expect(try Self.network(deep) == [.virtual(2), .virtual(3)])
    }

    @Test("another network is another identity")
    func identity() throws {
        let one = try #require(CapturedPacket(Self.addresses + Self.tag(5) + Self.ip, .ethernet).segment).0
        let other = try #require(CapturedPacket(Self.addresses + Self.tag(6) + Self.ip, .ethernet).segment).0
        #expect(one.network != other.network)
    }
}
