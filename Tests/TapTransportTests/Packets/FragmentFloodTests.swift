import TapCore
import TapTestSupport
import TapTransport
import Testing

@Suite("Fragments in hostile captures")
struct FragmentFloodTests {
    private static let zeros = [UInt8](repeating: 0, count: 8)

    private func fragment(_ identification: Int, at offset: Int, more: Bool = true) -> CapturedPacket {
        var ip = FragmentBytes(TCPBytes().bytes)
        ip.identification = UInt32(truncatingIfNeeded: identification)
        ip.source = IPAddress(ipv4: UInt32(truncatingIfNeeded: identification))
        return CapturedPacket(ip.ip(Self.zeros, at: offset, more: more), .ipv4)
    }

    @Test("packets without an end are bounded in number and bytes, and the newest is still put together")
    func bounds() {
        var limits = FragmentLimits()
        (limits.packets, limits.heldBytes) = (100, 1 << 20)
        var assembly = Assembly(limits)
        for number in 0..<2_000 {
            assembly.receive(fragment(number, at: number % 3 == 0 ? 8_000 : 5), at: Int64(number))
            #expect(assembly.table.count <= 100)
            #expect(assembly.table.heldBytes <= 1 << 20)
        }
        for part in FragmentBytes(TCPBytes([1, 2, 3]).bytes).parts(of: 1) { assembly.receive(part, at: 3_000) }
        #expect(assembly.payloads == [[1, 2, 3]])
        assembly.receive(fragment(-1, at: 5), at: 100_000_000_000)
        #expect(assembly.table.count == 1)
        #expect(assembly.table.heldBytes == 48)
    }

    @Test("a packet in eight thousand pieces with one missing costs no more for each", .timeLimit(.minutes(1)))
    func pieces() {
        var assembly = Assembly()
        for _ in 0..<2 {
            for offset in (1..<8_000).reversed() { assembly.receive(fragment(1, at: offset)) }
        }
        for number in 0..<2_000 { assembly.receive(fragment(number, at: 7_999), at: Int64(number)) }
        #expect(assembly.payloads.isEmpty)
        #expect(assembly.table.heldBytes <= FragmentLimits().heldBytes)
    }

    @Test("limits of nothing hold nothing")
    func nothing() {
        var limits = FragmentLimits()
        (limits.packets, limits.heldBytes, limits.patienceTime, limits.lingerTime) = (0, 0, 0, 0)
        var assembly = Assembly(limits)
        for offset in 0..<100 { assembly.receive(fragment(offset / 2, at: offset), at: Int64(offset)) }
        #expect(assembly.table.heldBytes == 0)
    }

    @Test("random fragments at random times never trap", arguments: 0..<4)
    func random(seed: Int) {
        var generator = SeededGenerator(seed: seed)
        var limits = FragmentLimits()
        (limits.packets, limits.heldBytes) = (5, 20_000)
        var assembly = Assembly(limits)
        for _ in 0..<3_000 {
            var ip = FragmentBytes([], isIPv6: generator.oneIn(2))
            ip.identification = UInt32.random(in: 0...9, using: &generator)
            ip.protocolNumber = [6, 17, 47, 4, 41, 44, 60].randomElement(using: &generator) ?? 6
            let bytes = generator.bytes(generator.oneIn(2) ? 8 : generator.length(upTo: 80))
            let offset = generator.length(upTo: generator.oneIn(9) ? 8_191 : 4)
            let packet = CapturedPacket(ip.ip(bytes, at: offset, more: generator.oneIn(2)), .raw)
            let time = generator.oneIn(50) ? Int64.random(in: .min ... .max, using: &generator) : 0
            assembly.receive(packet.cut(to: packet.bytes.count - generator.length(upTo: 9)), at: time)
            #expect(assembly.table.count <= 5 && assembly.table.heldBytes <= 20_000)
        }
    }

    @Test("fragments in tunnels, tunnels in fragments, and both", arguments: Tunneling.allCases)
    func tunnels(tunneling: Tunneling) {
        let payload = SeededGenerator.bytes(60, seed: 5)
        let inner = FragmentBytes(TCPBytes(payload).bytes, isIPv6: true)
        let packets = (0..<4).flatMap { index in
            let (number, bytes) = tunneling.wrap(inner.ip(index * 3..<index * 3 + 3), isIPv6: true)
            var outer = FragmentBytes(bytes)
            (outer.protocolNumber, outer.identification) = (number, UInt32(index))
            return outer.parts(of: 3)
        }
        #expect(Assembly(packets).payloads == [payload])
        #expect(Assembly(packets.reversed()).payloads == [payload])
    }

    @Test("packets in fragments may lie in each other; putting them together counts as a header")
    func nesting() {
        for depth in [3, 7, 8, 20] {
            var bytes = TCPBytes([1, 2, 3]).bytes
            var number: UInt8 = 6
            for _ in 1..<depth {
                var ip = IPv4Bytes(bytes)
                ip.protocolNumber = number
                (bytes, number) = (ip.bytes, 4)
            }
            var outer = FragmentBytes(bytes)
            outer.protocolNumber = number
            let assembly = Assembly(outer.parts(of: 2))
            #expect(assembly.payloads == (depth < 8 ? [[1, 2, 3]] : []))
            #expect(assembly.others == (depth < 8 ? [] : [.malformed]))
        }
    }
}
