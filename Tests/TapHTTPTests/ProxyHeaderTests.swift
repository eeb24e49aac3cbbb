import TapHTTP
import TapTestSupport
import Testing

@Suite("The PROXY protocol")
struct ProxyHeaderTests {
    struct Row: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let bytes: [UInt8]
        let headers: [ProxyHeader]

        init(_ name: String, _ bytes: [UInt8], _ headers: ProxyHeader...) {
            testDescription = name
            self.bytes = bytes
            self.headers = headers
        }
    }

    private static let addresses = ProxyHeader.Addresses.internet(
        source: [203, 0, 113, 7], sourcePort: 56_324, destination: [192, 0, 2, 1], destinationPort: 443)
    private static let v1 = ProxyHeader(version: 1, addresses: addresses)
    private static let v2 = ProxyHeader(version: 2, addresses: addresses)
    private static let line = ProxyBytes.line("TCP4 203.0.113.7 192.0.2.1 56324 443")
    private static let block = ProxyBytes.block(family: 0x11, ProxyBytes.internet)
    private static let version6: [UInt8] = [0x20, 1, 0xD, 0xB8] + [UInt8](repeating: 0, count: 11) + [1]

    private static func unknown(_ version: Int) -> ProxyHeader { ProxyHeader(version: version, addresses: .none) }

    static let rows = [
        Row("TCP4", line, v1),
        Row(
            "TCP6", ProxyBytes.line("TCP6 2001:db8::1 ::ffff:192.0.2.1 1 65535"),
            ProxyHeader(
                version: 1,
                addresses: .internet(
                    source: version6, sourcePort: 1,
                    destination: [UInt8](repeating: 0, count: 10) + [255, 255, 192, 0, 2, 1], destinationPort: 65_535))),
        Row(
            "TCP6 without a gap, and the address of nobody", ProxyBytes.line("TCP6 2001:DB8:0:0:0:0:0:1 :: 0 0"),
            ProxyHeader(
                version: 1,
                addresses: .internet(
                    source: version6, sourcePort: 0, destination: [UInt8](repeating: 0, count: 16), destinationPort: 0))
        ),
        Row("UNKNOWN", ProxyBytes.line("UNKNOWN"), unknown(1)),
        Row("UNKNOWN with addresses", ProxyBytes.line("UNKNOWN ffff:: ffff:: 65535 65535"), unknown(1)),
        Row("binary TCP over IPv4", block, v2),
        Row(
            "binary TCP over IPv6", ProxyBytes.block(family: 0x21, version6 + version6 + [0, 1, 0, 2]),
            ProxyHeader(
                version: 2,
                addresses: .internet(source: version6, sourcePort: 1, destination: version6, destinationPort: 2))),
        Row(
            "binary sockets of Unix",
            ProxyBytes.block(family: 0x31, ProxyBytes.path("/run/a") + ProxyBytes.path("/run/b")),
            ProxyHeader(
                version: 2, addresses: .unix(source: Array("/run/a".utf8), destination: Array("/run/b".utf8)))),
        Row(
            "sockets without a name, and with an abstract one",
            ProxyBytes.block(family: 0x31, ProxyBytes.path("") + ProxyBytes.path("\0b")),
            ProxyHeader(version: 2, addresses: .unix(source: [], destination: [0, 0x62]))),
        Row("the proxy itself", ProxyBytes.block(command: 0x20, family: 0, []), unknown(2)),
        Row(
            "the proxy itself, with addresses that mean nothing",
            ProxyBytes.block(command: 0x20, family: 0x11, ProxyBytes.internet), unknown(2)),
        Row("an unknown family", ProxyBytes.block(family: 0, [1, 2, 3]), unknown(2)),
        Row("addresses that are too short", ProxyBytes.block(family: 0x11, [1, 2, 3]), unknown(2)),
        Row(
            "further fields",
            ProxyBytes.block(
                family: 0x11,
                ProxyBytes.internet + ProxyBytes.field(1, Array("http/1.1".utf8))
                    + ProxyBytes.field(4, [UInt8](repeating: 0x0A, count: 300))), v2),
        Row("a proxy behind a proxy", block + line, v2, v1),
        Row("an empty line behind it", line + [0x0D, 0x0A], v1),
    ]

    private func readings(_ pieces: [[UInt8]]) -> [Reading] { StreamReader.readings(pieces) }

    private static let head = Array("GET /in HTTP/1.1\r\n\r\n".utf8)

    @Test("what a proxy says is read, and the head behind it", arguments: rows)
    func read(_ row: Row) {
        let readings = readings([row.bytes + ProxyHeaderTests.head])
        #expect(readings.dropLast() == row.headers.map { .proxied($0) }[...])
        #expect(readings.last?.label == "/in")
    }

    @Test("where it is cut makes no difference", arguments: rows)
    func cuts(_ row: Row) {
        #expect(CutVerifier.disagreements(on: row.bytes + ProxyHeaderTests.head, decode: readings) == [])
    }

    static let others: [(String, [String])] = [
        ("POST /a HTTP/1.1\r\n\r\n", ["/a"]), ("PROXY /a HTTP/1.1\r\n\r\n", ["/a"]),
        ("PROPFIND /a HTTP/1.1\r\n\r\n", ["/a"]), ("\r\n\r\nGET /a HTTP/1.1\r\n\r\n", ["/a"]),
        ("\r\n\r\n\0\r\nQUIT?", ["not HTTP"]), ("PROXY TCP4 1.2.3.4 5.6.7.8 1\r\n", ["not HTTP"]),
        ("PROXY TCP4 1.2.3.4 5.6.7.256 1 2\r\n", ["not HTTP"]), ("PROXY TCP4 01.2.3.4 5.6.7.8 1 2\r\n", ["not HTTP"]),
        ("PROXY TCP4 1.2.3.4 5.6.7.8 1 65536\r\n", ["not HTTP"]), ("PROXY TCP4  1.2.3.4 5.6.7.8 1 2\r\n", ["not HTTP"]),
        ("PROXY TCP6 1::2::3 :: 1 2\r\n", ["not HTTP"]), ("PROXY TCP6 12345:: :: 1 2\r\n", ["not HTTP"]),
        ("PROXY TCP6 1:2:3:4:5:6:7 :: 1 2\r\n", ["not HTTP"]),
        ("PROXY TCP6 1:2:3:4:5:6:7:8:9 :: 1 2\r\n", ["not HTTP"]),
        ("PROXY TCP4 1.2.3.4 5.6.7.8 1 2\n", ["not HTTP"]), ("PROXY UDP4 1.2.3.4 5.6.7.8 1 2\r\n", ["not HTTP"]),
        ("PROXY UNKNOWN \(String(repeating: "x", count: 100))\r\n", ["not HTTP"]),
    ]

    @Test("what only begins alike is taken for what it is", arguments: others)
    func other(text: String, labels: [String]) {
        #expect(readings([Array(text.utf8)]).map(\.label) == labels)
        #expect(CutVerifier.disagreements(on: Array(text.utf8), decode: readings) == [])
    }

    @Test("a version that does not exist is no header")
    func version() {
        #expect(
            readings([ProxyBytes.block(command: 0x31, family: 0x11, ProxyBytes.internet)]).map(\.label) == ["not HTTP"])
    }

    @Test("where the start was not captured, a whole header at the start of a segment is read")
    func midstream() {
        for bytes in [ProxyHeaderTests.line, ProxyHeaderTests.block] {
            var reader = StreamReader(isStartKnown: false)
            reader.read(bytes + ProxyHeaderTests.head)
            #expect(reader.readings.count == 2 && reader.readings.last?.label == "/in")
        }
    }

    @Test("in the middle of a connection there is none")
    func middle() {
        let readings = readings([ProxyHeaderTests.head + ProxyHeaderTests.line])
        #expect(readings.map(\.label) == ["/in", "not HTTP"])
    }
}
