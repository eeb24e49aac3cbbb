import TapTestSupport
import TapTransport
import Testing

@Suite("IPv6")
struct IPv6Tests {
    typealias Extension = IPv6Bytes.Extension

    static let payload = Array("hello".utf8)
    static let chains: [[Extension]] = [
        [], [.options(0)], [.options(60, units: 3)], [.options(43, units: 2)], [.authentication(words: 4)],
        [.options(135)], [.options(0), .options(60), .options(43, units: 2), .authentication(words: 5), .options(60)],
        (0..<16).map { _ in .options(60) },
    ]

    @Test("extension headers are stepped over", arguments: chains.indices)
    func extensions(index: Int) {
        var ip = IPv6Bytes(TCPBytes(Self.payload).bytes)
        ip.extensions = Self.chains[index]
        #expect(CapturedPacket(ip).segment?.payload == Self.payload)
        #expect(CapturedPacket(ip, padding: 9).segment?.payload == Self.payload)
    }

    @Test("a payload length of zero reaches to the end of the packet")
    func zeroLength() throws {
        var ip = IPv6Bytes(TCPBytes([UInt8](repeating: 7, count: 70_000)).bytes)
        ip.statedLength = 0
        #expect(CapturedPacket(ip).segment?.payload.count == 70_000)
    }

    @Test("a fragment header on a packet in one piece is stepped over (RFC 6946)")
    func atomicFragment() {
        var ip = IPv6Bytes(TCPBytes(Self.payload).bytes)
        ip.extensions = [.fragment(offset: 0, more: false)]
        #expect(CapturedPacket(ip).segment?.payload == Self.payload)
    }

    @Test(
        "what holds no segment is named by the last header",
        arguments: [
            (17, .udp), (58, .icmp), (1, .icmp), (132, .sctp), (59, .otherIP), (50, .otherIP),
        ] as [(UInt8, OtherPacket)])
    func protocols(number: UInt8, kind: OtherPacket) {
        var ip = IPv6Bytes(TCPBytes(Self.payload).bytes)
        ip.extensions = [.options(0)]
        ip.protocolNumber = number
        #expect(CapturedPacket(ip).content == .other(kind))
    }

    @Test("extension headers without an end are malformed")
    func endlessChain() {
        var ip = IPv6Bytes(TCPBytes(Self.payload).bytes)
        ip.extensions = (0..<17).map { _ in .options(60) }
        #expect(CapturedPacket(ip).content == .other(.malformed))
    }

    @Test("extension headers that are longer than the payload are malformed")
    func longChain() {
        var ip = IPv6Bytes(TCPBytes(Self.payload).bytes)
        ip.extensions = [.options(0, units: 4)]
        ip.statedLength = 16
        #expect(CapturedPacket(ip).content == .other(.malformed))
    }

    @Test("an extension header that promises more than the capture holds is cut short")
    func cutChain() {
        var ip = IPv6Bytes([])
        ip.extensions = [Extension(0, rest: [255, 0, 0, 0, 0, 0, 0])]
        ip.statedLength = 2_068
        #expect(CapturedPacket(ip).content == .other(.cutShort))
    }
}
