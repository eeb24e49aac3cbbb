import TapCore
import TapTestSupport

extension HardCapture {
    static let networks = LinkFraming.allCases.map(framed) + tunnels + exported + separateNetworks + fragments

    private static func framed(_ framing: LinkFraming) -> HardCapture {
        let dialogue = Dialogue.whole()
        // nflog's numbers are in the byte order of the machine that captured.
        let order: CaptureBuilder.Order = framing == .nflogBigEndian ? .big : .little
        return HardCapture(
            .networks, "packets framed as \(framing)",
            file: CaptureBuilder.pcapng(dialogue.segments.packets(framing), order).bytes, frames: dialogue.frames,
            tsharkDiffers: tsharkDiffers(on: framing))
    }

    private static func tsharkDiffers(on framing: LinkFraming) -> String? {
        switch framing {
        case .olderQinQ: "it does not know the EtherType 0x9200, which some switches use for the outer tag"
        case .snap, .snapVLAN, .bridgeSNAP:
            "lengths of 1,501 to 1,535 are undefined in IEEE 802.3 §3.2.6; it does not read them as lengths"
        case .slip: "it reads the header before the packet as IP"
        case .atmIP: "it takes IP that is alone on its channel (RFC 2684 §6) for LLC"
        case .ciscoLineDirection, .frameRelayDirection, .pppd: "it reads the byte that tells the direction as a header"
        case _: nil
        }
    }
}
