import TapCore
import TapSources
import Testing

@Suite("a capture filter")
struct CaptureFilterTests {
    /// An IPv4 packet with a UDP or TCP header, as far as filters look at it.
    private static func packet(protocol number: UInt8, port: UInt8) -> [UInt8] {
        [0x45, 0, 0, 40, 0, 0, 0, 0, 64, number, 0, 0, 127, 0, 0, 1, 127, 0, 0, 1, 0, 99, 0, port]
            + [UInt8](repeating: 0, count: 16)
    }

    private static let ethernet: [UInt8] = [UInt8](repeating: 2, count: 12) + [8, 0]
    private static let cooked: [UInt8] = [UInt8](repeating: 0, count: 14) + [8, 0]

    private static func accepts(_ filter: inout CaptureFilter, _ linkType: LinkType, _ bytes: [UInt8]) -> Bool {
        let header = PacketHeader(
            number: PacketNumber(1), timestamp: Timestamp(nanoseconds: 0), linkType: linkType,
            originalLength: bytes.count)
        return filter.accepts(header, bytes.span.bytes)
    }

    @Test(
        "means the same on every link type",
        arguments: [
            ("tcp port 80", 6, 80, true), ("tcp port 80", 6, 81, false), ("tcp port 80", 17, 80, false),
            ("udp", 17, 80, true), ("host 127.0.0.1 and not port 80", 6, 80, false), ("", 6, 1, true),
        ] as [(String, UInt8, UInt8, Bool)])
    func linkTypes(expression: String, protocol number: UInt8, port: UInt8, expected: Bool) throws {
        var filter = try CaptureFilter(expression)
        let packet = CaptureFilterTests.packet(protocol: number, port: port)
        for _ in 0..<2 {
            #expect(CaptureFilterTests.accepts(&filter, .ethernet, CaptureFilterTests.ethernet + packet) == expected)
            #expect(CaptureFilterTests.accepts(&filter, .raw, packet) == expected)
            #expect(CaptureFilterTests.accepts(&filter, .linuxCooked, CaptureFilterTests.cooked + packet) == expected)
        }
        let errors = filter.errors
        #expect(errors.isEmpty)
    }

    @Test("does not read behind the end of a packet")
    func short() throws {
        var filter = try CaptureFilter("tcp port 80")
        let packet = CaptureFilterTests.ethernet + CaptureFilterTests.packet(protocol: 6, port: 80)
        for length in 0..<38 {
            #expect(!CaptureFilterTests.accepts(&filter, .ethernet, Array(packet[..<length])))
        }
        #expect(CaptureFilterTests.accepts(&filter, .ethernet, packet))
    }

    @Test("that is not valid is refused with libpcap's words")
    func syntax() {
        #expect(throws: CaptureError.self) { _ = try CaptureFilter("tcp prot 80") }
        do {
            _ = try CaptureFilter("tcp prot 80")
        } catch {
            #expect(error.description.hasPrefix("the filter \"tcp prot 80\" is not valid: "))
            #expect(error.description.contains("syntax error"))
        }
    }

    @Test("that has no meaning for a link type leaves its packets out and says so once")
    func unfit() throws {
        var filter = try CaptureFilter("wlan type mgt")
        for _ in 0..<3 { #expect(!CaptureFilterTests.accepts(&filter, .ethernet, [UInt8](repeating: 0, count: 60))) }
        #expect(CaptureFilterTests.accepts(&filter, LinkType(rawValue: 105), [UInt8](repeating: 0, count: 60)))
        let errors = filter.errors.map(\.description)
        #expect(errors.count == 1)
        #expect(errors.first?.contains("does not fit packets of link type 1, which are left out: ") == true)
    }

    @Test("is compiled for a bounded number of link types")
    func manyLinkTypes() throws {
        var filter = try CaptureFilter("tcp")
        for linkType in (0..<2_000).map({ LinkType(rawValue: 40_000 + $0) }) + [.ethernet] {
            #expect(!CaptureFilterTests.accepts(&filter, linkType, [UInt8](repeating: 0, count: 60)))
        }
        let errors = filter.errors.map(\.description)
        #expect(errors.count == 17)
        #expect(errors.last == "more than 16 link types: packets of the others are left out")
    }
}
