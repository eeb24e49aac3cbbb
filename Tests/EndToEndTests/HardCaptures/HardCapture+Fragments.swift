import TapCore
import TapTestSupport
import TapWebSocket

extension HardCapture {
    static let fragments: [HardCapture] = {
        let (dialogue, six) = (Dialogue.whole(), Dialogue.overIPv6())
        func cut(
            _ name: String, _ dialogue: Dialogue, of units: Int = 64, tsharkDiffers: String? = nil,
            _ order: ([[UInt8]]) -> [[UInt8]] = { $0 }
        ) -> HardCapture {
            HardCapture(
                .networks, name,
                packets: dialogue.segments.enveloped {
                    order($1.fragments(of: units, number: $0)).map { Envelope.ethernet($0) }
                },
                frames: dialogue.frames, tsharkDiffers: tsharkDiffers)
        }
        return [
            cut("IPv4 fragments", dialogue),
            cut("IPv4 fragments of eight bytes", dialogue, of: 1),
            cut("IPv4 fragments, the last one first", dialogue) { $0.reversed() },
            cut("IPv4 fragments, each of them twice", dialogue) { $0.flatMap { [$0, $0] } },
            cut("IPv4 fragments with the first one last", dialogue) { Array($0.dropFirst() + $0.prefix(1)) },
            cut("IPv6 fragments", six),
            cut("IPv6 fragments, the last one first", six) { $0.reversed() },
            cut("IPv6 packets with an atomic fragment header", six, of: 8_000),
            HardCapture(
                .networks, "IPv4 fragments of two packets in turns",
                packets: turns(dialogue), frames: dialogue.frames),
            HardCapture(
                .networks, "IPv4 fragments in VXLAN",
                packets: dialogue.segments.enveloped { index, segment in
                    segment.fragments(of: 64, number: index).map {
                        Envelope.ethernet(Envelope.vxlan(9, Envelope.ethernet($0)))
                    }
                },
                frames: dialogue.frames),
            HardCapture(
                .networks, "a tunnel whose packets are fragments",
                packets: dialogue.segments.enveloped { index, segment in
                    var whole = FragmentBytes(Envelope.greIP(segment))
                    (whole.identification, whole.protocolNumber) = (UInt32(index), 47)
                    return whole.parts(of: 50).map { Envelope.ethernet($0.bytes) }
                },
                frames: dialogue.frames),
            HardCapture(
                .networks, "fragments of two VLANs with the same addresses and identifications",
                packets: vlans(), frames: dialogue.frames + Dialogue.whole(connection: 2, clientISN: 77_000).frames,
                tsharkDiffers: "it puts fragments of different VLANs together"),
            HardCapture(
                .networks, "a packet of which one fragment is missing, and its retransmission",
                packets: missing(), frames: dialogue.frames),
        ]
    }()

    private static func turns(_ dialogue: Dialogue) -> [CapturedPacket] {
        let all = dialogue.segments.enumerated().map { $1.fragments(of: 20, number: $0) }
        let pairs = stride(from: 0, to: all.count, by: 2).map { Array(all[$0..<min($0 + 2, all.count)]) }
        let packets = pairs.flatMap { pair in
            (0..<(pair.map(\.count).max() ?? 0)).flatMap { index in pair.compactMap { $0.dropFirst(index).first } }
        }
        return packets.enumerated().map { index, ip in
            CapturedPacket(
                Envelope.ethernet(ip), .ethernet, number: UInt64(index + 1), nanoseconds: Int64(index) * 1_000_000)
        }
    }

    private static func vlans() -> [CapturedPacket] {
        let other = Dialogue.whole(connection: 2, clientISN: 77_000)
        return [ScriptedSegment].interleaved([Dialogue.whole().segments, other.segments]).enveloped { index, segment in
            segment.fragments(of: 64, number: index / 2).map {
                Envelope.ethernet($0, vlans: [index % 2 == 0 ? 5 : 6])
            }
        }
    }

    private static func missing() -> [CapturedPacket] {
        Dialogue.whole().segments.enveloped { index, segment in
            let fragments = segment.fragments(of: 64, number: index)
            let again = segment.fragments(of: 64, number: index + 1_000)
            return (fragments.count > 1 ? Array(fragments.dropFirst()) + again : fragments).map {
                Envelope.ethernet($0)
            }
        }
    }
}

extension Envelope {
    /// GRE with the packet in it, without an IP header around.
    static func greIP(_ segment: ScriptedSegment) -> [UInt8] { [0, 0, 8, 0] + segment.ip }
}

extension ScriptedSegment {
    /// Its packet in fragments of so many units of eight bytes.
    func fragments(of units: Int, number: Int) -> [[UInt8]] {
        var whole = FragmentBytes(tcp, isIPv6: source.address.isIPv6)
        (whole.source, whole.destination) = (source.address, destination.address)
        whole.identification = UInt32(number + 1)
        return whole.parts(of: units).map(\.bytes)
    }
}
