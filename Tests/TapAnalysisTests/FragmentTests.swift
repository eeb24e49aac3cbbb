import TapAnalysis
import TapCore
import TapTestSupport
import Testing

@Suite("IP fragments")
struct IPFragmentTests {
    private static let conversation: Conversation = {
        var conversation = Conversation.upgraded()
        conversation.send(FrameBytes(.text, Array("hello".utf8)), from: .client)
        conversation.send(FrameBytes(.binary, SeededGenerator.bytes(3_000, seed: 1)), from: .server)
        return conversation
    }()

    /// Each packet in fragments of `units` units of eight bytes.
    private static func fragments(of units: Int) -> [[CapturedPacket]] {
        conversation.segments.packets(.raw).enumerated().map { index, packet in
            var ip = FragmentBytes(Array(packet.bytes.dropFirst(20)))
            ip.identification = UInt32(index)
            (ip.source, ip.destination) = (IPAddress("192.0.2.1"), IPAddress("198.51.100.2"))
            if packet.bytes[12] != 192 { swap(&ip.source, &ip.destination) }
            return ip.parts(of: units).map { part in
                var part = part
                (part.header.number, part.header.timestamp) = (packet.header.number, packet.header.timestamp)
                return part
            }
        }
    }

    @Test("a conversation in fragments is the same conversation", arguments: [1, 2, 50, 5_000])
    func same(units: Int) {
        let whole = Observed(Self.conversation)
        let packets = Self.fragments(of: units)
        for order in [packets, packets.map { $0.reversed() }] {
            let observed = Observed(order.flatMap(\.self))
            #expect(observed.seen == whole.seen)
            #expect(observed.ids == whole.ids)
            #expect(observed.summary.flows == 1)
            // The one that makes a packet whole is no longer a fragment.
            let fragments = packets.reduce(0) { $0 + $1.count - 1 }
            #expect(observed.summary.otherPackets[.fragment] == UInt64(fragments))
        }
    }

    @Test("packets of which a fragment is missing are counted, whatever became of them", arguments: [1, 7, 16_384])
    func incomplete(limit: Int) {
        var options = AnalysisOptions()
        options.fragments.packets = limit
        let packets = Self.fragments(of: 8)
        let observed = Observed(packets.flatMap { $0.count > 1 ? $0.dropLast() : $0[...] }, options)
        #expect(observed.summary.incompletePackets == packets.count { $0.count > 1 })
        #expect(Observed(packets.flatMap(\.self), options).summary.incompletePackets == 0)
    }
}
