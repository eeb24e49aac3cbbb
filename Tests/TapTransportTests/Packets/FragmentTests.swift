import TapCore
import TapTestSupport
import TapTransport
import Testing

@Suite("Fragments")
struct FragmentTests {
    static let payload = SeededGenerator.bytes(97, seed: 9)

    private func sample(isIPv6: Bool, _ payload: [UInt8] = payload) -> FragmentBytes {
        FragmentBytes(TCPBytes(payload).bytes, isIPv6: isIPv6)
    }

    @Test("are put together in any order", arguments: [false, true])
    func order(isIPv6: Bool) {
        var generator = SeededGenerator(seed: 1)
        for size in 1...8 {
            for _ in 0..<20 {
                let parts = sample(isIPv6: isIPv6).parts(of: size).shuffled(using: &generator)
                let assembly = Assembly(parts)
                #expect(assembly.payloads == [Self.payload])
                #expect(assembly.lengths == [97])
                #expect(assembly.table.heldBytes == 0)
            }
        }
    }

    @Test("the one that is missing keeps the packet back", arguments: 0..<5, [false, true])
    func missing(index: Int, isIPv6: Bool) {
        var parts = sample(isIPv6: isIPv6).parts(of: 3)
        #expect(parts.count == 5)
        parts.remove(at: index)
        #expect(Assembly(parts).payloads.isEmpty)
        #expect(Assembly(parts + parts).payloads.isEmpty)
    }

    @Test("packets whose fragments come mixed are told apart", arguments: [false, true])
    func interleaved(isIPv6: Bool) {
        var generator = SeededGenerator(seed: 2)
        let payloads = (0..<40).map { _ in generator.bytes(100) }
        let parts = payloads.enumerated().flatMap { index, payload in
            var sample = sample(isIPv6: isIPv6, payload)
            sample.identification = UInt32(index / 4)
            if index & 1 == 1 { sample.source = IPAddress(isIPv6 ? "2001:db8::77" : "192.0.2.77") }
            if index & 2 == 2 { sample.destination = IPAddress(isIPv6 ? "2001:db8::78" : "192.0.2.78") }
            return sample.parts(of: 4)
        }
        let assembly = Assembly(parts.shuffled(using: &generator))
        #expect(Set(assembly.payloads) == Set(payloads))
        #expect(assembly.payloads.count == 40)
    }

    @Test("of bytes that come twice, the first copy counts", arguments: [false, true])
    func overlap(isIPv6: Bool) {
        let (first, other) = (sample(isIPv6: isIPv6), [UInt8](repeating: 0xEE, count: 97))
        let second = sample(isIPv6: isIPv6, other)
        // The TCP header takes up 20 bytes of the first five units.
        let expected = Array(Self.payload[..<20]) + Array(other[20..<52]) + Array(Self.payload[52...])
        let assembly = Assembly([first.part(0..<5), second.part(3..<9), second.part(0..<2), first.part(5..<15)])
        #expect(assembly.payloads == [expected])
    }

    @Test("a second copy of each, as captures of several interfaces have it, is nothing new", arguments: [false, true])
    func copies(isIPv6: Bool) {
        let parts = sample(isIPv6: isIPv6).parts(of: 4)
        #expect(Assembly(parts.flatMap { [$0, $0] }).payloads == [Self.payload])
        #expect(Assembly(parts + parts).payloads == [Self.payload])
    }

    @Test("an identification is used again after a while", arguments: [false, true])
    func reuse(isIPv6: Bool) {
        let other = SeededGenerator.bytes(97, seed: 10)
        var assembly = Assembly()
        for part in sample(isIPv6: isIPv6).parts(of: 4) { assembly.receive(part) }
        for part in sample(isIPv6: isIPv6, other).parts(of: 4) { assembly.receive(part, at: 1_000_000_001) }
        #expect(assembly.payloads == [Self.payload, other])
    }

    @Test(
        "an identification may be used again at once", arguments: [false, true], [1, 3, 4, 50])
    func constantIdentification(isIPv6: Bool, size: Int) {
        // Equal to each other in places, so that some fragments are the same as ones of the packet before.
        let payloads = (0..<20).map { number in
            [UInt8](repeating: 7, count: 40) + [UInt8](repeating: UInt8(number / 2), count: 57)
        }
        var tcp = payloads.enumerated().map { number, payload in
            var tcp = TCPBytes(payload)
            tcp.sequenceNumber = UInt32(number / 2) * 97
            return tcp.bytes
        }
        for index in tcp.indices {
            let ip = FragmentBytes([], isIPv6: isIPv6)
            ChecksumBytes.right.put(into: &tcp[index], from: ip.source, to: ip.destination)
        }
        var assembly = Assembly()
        for (number, bytes) in tcp.enumerated() {
            for part in FragmentBytes(bytes, isIPv6: isIPv6).parts(of: size) {
                assembly.receive(part, at: Int64(number) * 1_000)
            }
        }
        // Each second one is a copy.
        let unique = payloads.indices.filter { $0 % 2 == 0 }.map { payloads[$0] }
        #expect(assembly.payloads == (size == 50 ? payloads : unique))
        #expect(assembly.conflicts == [])
    }

    @Test(
        "late copies of fragments do not get into the next packet with their identification", arguments: [false, true])
    func lateCopies(isIPv6: Bool) {
        var packets: [[CapturedPacket]] = []
        for number in UInt8(0)..<4 {
            var tcp = TCPBytes([UInt8](repeating: number, count: 97)).bytes
            let ip = FragmentBytes([], isIPv6: isIPv6)
            ChecksumBytes.right.put(into: &tcp, from: ip.source, to: ip.destination)
            packets.append(FragmentBytes(tcp, isIPv6: isIPv6).parts(of: 5))
        }
        // Each fragment twice in a row: the last one's copy comes when its packet is whole.
        let assembly = Assembly(packets.flatMap { $0.flatMap { [$0, $0] } })
        #expect(assembly.payloads == (UInt8(0)..<4).map { [UInt8](repeating: $0, count: 97) })
        #expect(assembly.conflicts == [] && assembly.table.incompletePackets == 0)
    }

    @Test("that contradict each other are told, with the packets that brought them", arguments: [false, true])
    func conflicts(isIPv6: Bool) throws {
        var right = TCPBytes(Self.payload).bytes
        let ip = FragmentBytes([], isIPv6: isIPv6)
        ChecksumBytes.right.put(into: &right, from: ip.source, to: ip.destination)
        var wrong = right
        for place in 50..<70 { wrong[place] ^= 0xFF }
        let (one, other) = (FragmentBytes(right, isIPv6: isIPv6), FragmentBytes(wrong, isIPv6: isIPv6))
        let rows: [(parts: [CapturedPacket], first: UInt64, second: UInt64, offset: Int)] = [
            ([one.part(0..<5), one.part(5..<9), other.part(6..<9), one.part(9..<15)], 2, 3, 50),
            ([one.part(0..<5), other.part(5..<9), one.part(5..<9), one.part(9..<15)], 2, 3, 50),
            ([one.part(9..<15), other.part(0..<8), one.part(3..<9), one.part(0..<9)], 2, 3, 50),
            ([other.part(7..<8), one.part(0..<9), one.part(9..<15)], 1, 2, 56),
        ]
        for row in rows {
            let assembly = Assembly(row.parts)
            // The version that fits the checksum.
            #expect(assembly.payloads == [Self.payload])
            let conflict = try #require(assembly.conflicts.first)
            #expect(conflict.firstPacket.rawValue == row.first && conflict.secondPacket.rawValue == row.second)
            #expect(conflict.offset == row.offset)
            #expect(conflict.first.count == conflict.second.count && conflict.first[0] == ~conflict.second[0])
        }
    }

    @Test("whose overlaps are the same contradict nothing, nor does what was not captured", arguments: [false, true])
    func agreement(isIPv6: Bool) {
        let ip = sample(isIPv6: isIPv6)
        let cut = ip.part(0..<6)
        let parts = [cut.cut(to: cut.bytes.count - 20), ip.part(2..<9), ip.part(4..<15), ip.part(4..<15)]
        #expect(Assembly(parts).conflicts == [])
        #expect(Assembly(parts.reversed()).conflicts == [])
    }

    @Test("too late is too late, and old bytes never mix with new ones", arguments: [30, 31] as [Int64])
    func patience(seconds: Int64) {
        let (parts, other) = (sample(isIPv6: false).parts(of: 8), SeededGenerator.bytes(97, seed: 10))
        var assembly = Assembly()
        assembly.receive(parts[0])
        assembly.receive(parts[1], at: seconds * 1_000_000_000)
        #expect(assembly.payloads == (seconds > 30 ? [] : [Self.payload]))
        for part in sample(isIPv6: false, other).parts(of: 8) { assembly.receive(part, at: 90_000_000_000) }
        #expect(assembly.payloads.last == other)
    }

    @Test("an IPv6 packet in one fragment stands alone (RFC 6946)")
    func atomic() {
        let parts = sample(isIPv6: true).parts(of: 8)
        let other = sample(isIPv6: true, [7, 7]).part(0..<3)
        #expect(Assembly([parts[0], other, parts[1]]).payloads == [[7, 7], Self.payload])
    }

    @Test("extension headers may be cut into fragments")
    func extensionHeaders() {
        var ip = FragmentBytes([6, 1] + [UInt8](repeating: 0, count: 14) + TCPBytes(Self.payload).bytes, isIPv6: true)
        ip.protocolNumber = 60
        #expect(Assembly(ip.parts(of: 1)).payloads == [Self.payload])
    }

    @Test("what a capture cut off is missing from there on", arguments: [false, true])
    func cut(isIPv6: Bool) {
        var parts = sample(isIPv6: isIPv6).parts(of: 6)
        parts[1] = parts[1].cut(to: parts[1].bytes.count - 11)
        for order in [parts, parts.reversed()] {
            let assembly = Assembly(order)
            #expect(assembly.payloads == [Array(Self.payload[..<65])])
            #expect(assembly.lengths == [97])
        }
    }

    @Test(
        "of other protocols count as these",
        arguments: [(17, .udp), (1, .icmp), (50, .otherIP)] as [(UInt8, OtherPacket)])
    func others(number: UInt8, kind: OtherPacket) {
        var ip = sample(isIPv6: false)
        ip.protocolNumber = number
        #expect(Assembly(ip.parts(of: 4)).others == [kind])
    }

    @Test("that no packet could be cut into are malformed", arguments: [false, true])
    func malformed(isIPv6: Bool) {
        let sample = sample(isIPv6: isIPv6)
        let rows: [(payload: [UInt8], offset: Int, more: Bool)] = [
            ([], 0, true), ([1, 2, 3], 0, true), ([], 9, false), ([UInt8](repeating: 0, count: 8), 8_191, false),
        ]
        for row in rows {
            let bytes = sample.ip(row.payload, at: row.offset, more: row.more)
            #expect(CapturedPacket(bytes, .raw).content == .other(.malformed))
        }
    }
}
