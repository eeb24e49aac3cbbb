import TapHTTP
import TapTestSupport
import Testing

@Suite("SOCKS")
struct SOCKSTests {
    struct Row: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let bytes: [UInt8]
        let header: ProxyHeader?

        init(_ name: String, _ bytes: [UInt8], _ header: ProxyHeader? = nil) {
            testDescription = name
            self.bytes = bytes
            self.header = header
        }
    }

    private static let name = [6] + Array("a.test".utf8)

    private static func asked(_ version: Int, _ host: String, _ port: UInt16) -> ProxyHeader {
        ProxyHeader(version: version, addresses: .requested(host, port: port))
    }

    static let rows = [
        Row("a name", [5, 1, 0] + [5, 1, 0, 3] + name + [0, 80], asked(5, "a.test", 80)),
        Row("an address", [5, 2, 0, 1] + [5, 1, 0, 1, 192, 0, 2, 7, 1, 187], asked(5, "192.0.2.7", 443)),
        Row(
            "an IPv6 address",
            [5, 1, 0] + [5, 1, 0, 4] + [0x20, 1, 0xD, 0xB8] + [UInt8](repeating: 0, count: 11) + [9, 0, 80],
            asked(5, "2001:db8::9", 80)),
        Row(
            "a name and a password first",
            [5, 3, 0, 1, 2] + [1, 2, 0x75, 0x76, 3, 0x70, 0x71, 0x72] + [5, 1, 0, 3] + name + [0, 80],
            asked(5, "a.test", 80)),
        Row(
            "an empty password first", [5, 1, 2] + [1, 1, 0x75, 0] + [5, 1, 0, 3] + name + [0, 80],
            asked(5, "a.test", 80)),
        Row(
            "the longest name", [5, 1, 0, 5, 1, 0, 3, 255] + [UInt8](repeating: 0x61, count: 255) + [0, 1],
            asked(5, String(repeating: "a", count: 255), 1)),
        Row("version 4", [4, 1, 0, 80, 192, 0, 2, 7] + Array("me".utf8) + [0], asked(4, "192.0.2.7", 80)),
        Row("version 4a", [4, 1, 0, 80, 0, 0, 0, 1, 0] + Array("a.test".utf8) + [0], asked(4, "a.test", 80)),
        Row("an answer", [5, 0] + [5, 0, 0, 1, 0, 0, 0, 0, 0, 0]),
        Row("an answer with a name", [5, 0] + [5, 0, 0, 3] + name + [0, 80]),
        Row("an answer to a password", [5, 2, 1, 0] + [5, 0, 0, 1, 127, 0, 0, 1, 4, 56]),
        Row("an answer of version 4", [0, 0x5A, 0, 0, 0, 0, 0, 0]),
    ]

    private static let head = Array("GET /in HTTP/1.1\r\n\r\n".utf8)

    private func readings(_ pieces: [[UInt8]]) -> [Reading] { StreamReader.readings(pieces) }

    @Test("what is said to a proxy, or by it, is read, and the head behind it", arguments: rows)
    func read(_ row: Row) {
        let readings = readings([row.bytes + SOCKSTests.head])
        #expect(readings.dropLast() == (row.header.map { [.proxied($0)] } ?? [])[...])
        #expect(readings.last?.label == "/in")
    }

    @Test("where it is cut makes no difference", arguments: rows)
    func cuts(_ row: Row) {
        #expect(CutVerifier.disagreements(on: row.bytes + SOCKSTests.head, decode: readings) == [])
    }

    @Test("a PROXY header, and SOCKS again, may come behind it")
    func chain() {
        let bytes = SOCKSTests.rows[0].bytes + SOCKSTests.rows[6].bytes + ProxyBytes.line("UNKNOWN") + SOCKSTests.head
        let readings = readings([bytes])
        #expect(readings.count == 4 && readings.last?.label == "/in")
        #expect(CutVerifier.disagreements(on: bytes, decode: self.readings) == [])
    }

    static let others: [(String, [UInt8])] = [
        ("no methods", [5, 0, 1, 2, 3]), ("a wrong password", [5, 2, 1, 1, 0]),
        ("a failure", [5, 0, 5, 1, 0, 1, 0, 0, 0, 0, 0, 0]), ("a datagram association", [5, 1, 0, 5, 3, 0, 1, 1]),
        ("an unknown kind of address", [5, 1, 0, 5, 1, 0, 2, 1, 1]), ("a bind of version 4", [4, 2, 0, 80, 1]),
        ("a failure of version 4", [0, 0x5B, 0, 0]), ("DCE/RPC", [5, 0, 0x0B, 3, 0x10, 0, 0, 0]),
        ("zeros", [0, 0, 0, 0]),
        ("a name of version 4 without an end", [4, 1, 0, 80, 1, 1, 1, 1] + [UInt8](repeating: 0x61, count: 2_000)),
    ]

    @Test("what only begins alike is taken for what it is", arguments: others)
    func other(name: String, bytes: [UInt8]) {
        #expect(readings([bytes]).map(\.label) == ["not HTTP"])
        #expect(CutVerifier.disagreements(on: bytes, decode: readings) == [])
    }

    @Test("random bytes that begin alike are held to a limit", arguments: 0..<20)
    func random(seed: Int) {
        var random = SeededGenerator(seed: seed)
        for _ in 0..<200 {
            let start: [UInt8] =
                [[5, 1, 0], [5, 2, 0, 2, 1], [4, 1], [5, 0, 5], [0, 0x5A]].randomElement(using: &random) ?? []
            var reader = StreamReader()
            reader.read(start + random.bytes(3_000))
            #expect(reader.stream.heldBytes < 1_200 || !reader.readings.isEmpty)
        }
    }
}
