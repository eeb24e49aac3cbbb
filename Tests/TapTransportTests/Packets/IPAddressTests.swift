import Glibc
import TapCore
import TapTestSupport
import Testing

@Suite("IP addresses")
struct IPAddressTests {
    @Test(
        "are written as RFC 5952 says",
        arguments: [
            "0.0.0.0", "192.0.2.1", "255.255.255.255", "::", "::1", "1::", "2001:db8::1", "fe80::1:2:3:4",
            "1:0:0:2::3", "1::2:0:0:3", "1:0:2:3:4:5:6:7", "1:2:3:4:5:6:7:8", "0:1:2:3:4:5:6:7",
            "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "a:b:c:d:e:f::",
        ])
    func text(address: String) {
        #expect(IPAddress(address).description == address)
    }

    @Test("of IPv6 are written as inet_ntop writes them, wherever the zeros are")
    func ipv6Oracle() {
        var generator = SeededGenerator(seed: 6)
        for _ in 0..<20_000 {
            let bytes = (0..<8).flatMap { _ in generator.oneIn(2) ? [0, 0] : generator.bytes(2) }
            // inet_ntop writes the last four bytes of these in dotted decimal; on the wire they mean nothing special.
            guard bytes.prefix(10).contains(where: { $0 != 0 }) else { continue }
            let words = [bytes[..<8], bytes[8...]].map { $0.reduce(UInt64(0)) { $0 << 8 | UInt64($1) } }
            let address = IPAddress(ipv6: words[0], words[1])
            #expect(address.description == systemText(AF_INET6, bytes))
            #expect(address.bytes == bytes)
        }
    }

    @Test("of IPv4 are written as inet_ntop writes them")
    func ipv4Oracle() {
        var generator = SeededGenerator(seed: 4)
        for _ in 0..<2_000 {
            let value = UInt32.random(in: .min ... .max, using: &generator)
            #expect(IPAddress(ipv4: value).description == systemText(AF_INET, bigEndian(value)))
            #expect(IPAddress(ipv4: value).bytes == bigEndian(value))
        }
    }

    @Test("are ordered by value, IPv4 as the IPv6 addresses that stand for it")
    func order() {
        let ordered = ["::", "::1", "0.0.0.1", "10.0.0.2", "192.0.2.1", "2001:db8::", "2001:db8::1", "ff02::1"]
            .map { IPAddress($0) }
        #expect(ordered.shuffled().sorted() == ordered)
    }

    @Test("of one family equal none of the other but those that stand for it")
    func families() {
        #expect(IPAddress("0.0.0.1") != IPAddress("::1"))
        #expect(IPAddress(ipv6: 0, 0xFFFF_C000_0201) == IPAddress("192.0.2.1"))
    }

    @Test("endpoints put IPv6 into brackets")
    func endpoints() {
        #expect(Endpoint("192.0.2.1", 80).description == "192.0.2.1:80")
        #expect(Endpoint("2001:db8::1", 443).description == "[2001:db8::1]:443")
    }

    private func systemText(_ family: Int32, _ bytes: [UInt8]) -> String {
        var text = [CChar](repeating: 0, count: 64)
        guard inet_ntop(family, bytes, &text, 64) != nil else { return "" }
        return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
