import TapCore
import TapTestSupport
import Testing

@Suite("QUIC")
struct QUICTests {
    private static func datagram(_ payload: [UInt8]) -> CapturedPacket {
        var ip = IPv4Bytes(UDPBytes(to: 443, payload).bytes)
        ip.protocolNumber = 17
        return CapturedPacket(ip)
    }

    private static let key = FlowKey(Endpoint("192.0.2.1", 50_000), Endpoint("198.51.100.2", 443))
    private static let first: [UInt8] = [0, 0, 0, 1]
    private static let second: [UInt8] = [0x6B, 0x33, 0x43, 0xCF]

    static let headers: [(String, [UInt8])] = [
        ("an Initial packet of version 1", [0xC3] + first + [8, 1, 2, 3, 4, 5, 6, 7, 8, 0, 0, 0x44, 0x9E]),
        ("a Handshake packet of version 1", [0xE0] + first + [0, 8, 1, 2, 3, 4, 5, 6, 7, 8, 0x40]),
        ("an Initial packet of version 2", [0xD1] + second + [20] + [UInt8](repeating: 1, count: 20) + [0, 0]),
        ("a draft", [0xC0, 0xFF, 0, 0, 29, 4, 1, 2, 3, 4, 4, 5, 6, 7, 8]),
    ]

    @Test("is known by its long header, and by the endpoints", arguments: headers.indices)
    func long(index: Int) {
        let (name, payload) = QUICTests.headers[index]
        let packet = QUICTests.datagram(payload)
        #expect(packet.content == .quic(QUICTests.key), "\(name)")
        // What a snapshot length leaves of it may be enough.
        #expect(packet.cut(to: 42 + 7).content == .quic(QUICTests.key), "\(name)")
        #expect(packet.cut(to: 42 + 6).content == .other(.udp), "\(name)")
    }

    static let lookalikes: [(String, [UInt8])] = [
        ("a short header", [0x43] + [UInt8](repeating: 0xC3, count: 30)),
        ("version negotiation", [0xC0, 0, 0, 0, 0, 8, 1, 2, 3, 4, 5, 6, 7, 8, 0, 0, 0, 0, 1]),
        ("an unknown version", [0xC3, 0x0A, 0x0A, 0x0A, 0x0A, 8, 1, 2, 3, 4, 5, 6, 7, 8, 0]),
        ("a connection ID that is too long", [0xC3] + first + [21] + [UInt8](repeating: 0, count: 40)),
        ("no fixed bit", [0x83] + first + [8, 1, 2, 3, 4, 5, 6, 7, 8, 0]),
        ("RTP", [0x80, 0x60, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1]), ("DTLS", [22, 0xFE, 0xFD, 0, 0, 0, 0, 0, 1]),
        ("STUN", [0, 1, 0, 0, 0x21, 0x12, 0xA4, 0x42, 1, 2, 3, 4]), ("nothing", []),
    ]

    @Test("is not seen where a datagram is anything else", arguments: lookalikes.indices)
    func others(index: Int) {
        let (name, payload) = QUICTests.lookalikes[index]
        #expect(QUICTests.datagram(payload).content == .other(.udp), "\(name)")
    }

    @Test("who knows the server may leave the fixed bit unset, in a hello of full length")
    func greased() {
        let hello: [UInt8] = [0x83] + Self.first + [8, 1, 2, 3, 4, 5, 6, 7, 8, 0]
        let padding = { (count: Int) in [UInt8](repeating: 0, count: count - hello.count) }
        #expect(QUICTests.datagram(hello + padding(1_200)).content == .quic(Self.key))
        #expect(QUICTests.datagram(hello + padding(1_199)).content == .other(.udp))
    }

    @Test("is known inside a tunnel, too")
    func tunnelled() {
        var inner = IPv4Bytes(UDPBytes(to: 443, QUICTests.headers[0].1).bytes)
        inner.protocolNumber = 17
        var outer = IPv4Bytes(inner.bytes)
        outer.protocolNumber = 4
        #expect(CapturedPacket(outer).content == .quic(QUICTests.key))
    }
}
