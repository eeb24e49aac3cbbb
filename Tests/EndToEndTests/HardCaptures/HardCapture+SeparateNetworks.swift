import TapTestSupport
import TapWebSocket

extension HardCapture {
    /// Connections with the same addresses and ports in different networks, and one that changes networks.
    static let separateNetworks: [HardCapture] = {
        let oneFlow = "it keeps one conversation for the same addresses and ports, whatever the network"
        let (first, second) = (Dialogue.whole(), Dialogue.whole(connection: 2, clientISN: 77_000))
        let twin = Dialogue.whole(connection: 2)
        let both = { (other: Dialogue) in [ScriptedSegment].interleaved([first.segments, other.segments]) }
        func pair(
            _ name: String, _ other: Dialogue, _ tsharkDiffers: String?, findings: [FindingID] = [],
            _ envelope: (Bool, ScriptedSegment) -> [UInt8]
        ) -> HardCapture {
            HardCapture(
                .networks, name,
                packets: both(other).enveloped { index, segment in [envelope(index % 2 == 0, segment)] },
                frames: first.frames + other.frames, findings: findings, tsharkDiffers: tsharkDiffers)
        }
        return [
            pair("two VLANs with the same addresses", second, oneFlow) {
                Envelope.ethernet($1.ip, vlans: [$0 ? 5 : 6])
            },
            // What has the same numbers may be the same connection, seen twice.
            pair(
                "two VLANs with the same addresses and the same sequence numbers", twin, oneFlow,
                findings: [.captureDuplicated]
            ) {
                Envelope.ethernet($1.ip, vlans: [$0 ? 5 : 6])
            },
            pair("a VLAN and none with the same addresses", second, oneFlow) {
                Envelope.ethernet($1.ip, vlans: $0 ? [5] : [])
            },
            pair("two customers in one provider's network (802.1ad) with the same addresses", second, oneFlow) {
                Envelope.ethernet($1.ip, vlans: [$0 ? 100 : 200, 5])
            },
            pair("two VXLAN networks with the same addresses", second, oneFlow) {
                Envelope.ethernet(Envelope.vxlan($0 ? 5 : 6, Envelope.ethernet($1.ip)))
            },
            pair("two Geneve networks with the same addresses", second, oneFlow) {
                Envelope.ethernet(Envelope.geneve($0 ? 5 : 6, Envelope.ethernet($1.ip)))
            },
            pair("two VLANs in one VXLAN network with the same addresses", second, oneFlow) {
                Envelope.ethernet(Envelope.vxlan(5, Envelope.ethernet($1.ip, vlans: [$0 ? 5 : 6])))
            },
            pair("two NVGRE networks with the same addresses", second, oneFlow) {
                let header: [UInt8] = [0x20, 0, 0x65, 0x58, 0, 0, $0 ? 5 : 6, 1]
                return Envelope.ethernet(Envelope.ipv4(47, header + Envelope.ethernet($1.ip)))
            },
            HardCapture(
                .networks, "one VLAN there and another back",
                packets: first.segments.enveloped {
                    [Envelope.ethernet($1.ip, vlans: [$1.sender == .client ? 5 : 6])]
                },
                frames: first.frames),
            HardCapture(
                .networks, "a VLAN there and none back",
                packets: first.segments.enveloped {
                    [Envelope.ethernet($1.ip, vlans: $1.sender == .client ? [5] : [])]
                },
                frames: first.frames),
            HardCapture(
                .networks, "a way that changes from one VLAN to another in the middle of a connection",
                packets: first.segments.enveloped { [Envelope.ethernet($1.ip, vlans: [$0 < 9 ? 5 : 6])] },
                frames: first.frames),
            HardCapture(
                .networks, "priority tags without a VLAN, on some of the packets",
                packets: first.segments.enveloped {
                    [Envelope.ethernet($1.ip, vlans: $0 % 3 == 0 ? [] : [0xE000])]
                },
                frames: first.frames),
            HardCapture(
                .networks, "another priority in the VLAN tag of each packet",
                packets: first.segments.enveloped {
                    [Envelope.ethernet($1.ip, vlans: [UInt16($0 % 8) << 13 | 5])]
                },
                frames: first.frames),
            HardCapture(
                .networks, "MPLS labels that differ by direction",
                packets: first.segments.enveloped { _, segment in
                    let label: UInt8 = segment.sender == .client ? 1 : 2
                    return [[2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 0x88, 0x47, 0, label, 1, 64] + segment.ip]
                },
                frames: first.frames),
            HardCapture(
                .networks, "one connection captured on interfaces of two link types in turns",
                packets: zip(first.segments.packets(.linuxCooked2), first.segments.packets(.ethernet))
                    .enumerated().map { $0 % 2 == 0 ? $1.0 : $1.1 },
                frames: first.frames),
        ]
    }()
}
