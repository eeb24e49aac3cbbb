import TapCore

/// Tags between the addresses and the EtherType of Ethernet other than those of VLANs.
struct EthernetTag {
    /// The network that it names, where it does.
    let network: NetworkID
    /// What follows it, and where.
    let etherType: UInt16
    let end: Int

    /// The tag that `etherType` names and that begins at `offset`; `nil` where it was not captured whole.
    init?(_ bytes: RawSpan, etherType: UInt16, at offset: Int) {
        let length = EthernetTag.length(etherType)
        guard bytes.byteCount >= offset + length + 2 else { return nil }
        network = etherType == 0x88E7 ? .virtual(bytes.uint32(at: offset) << 8) : .unnamed
        self.etherType = bytes.uint16(at: offset + length)
        end = offset + length + 2
    }

    /// In bytes.
    private static func length(_ etherType: UInt16) -> Int {
        switch etherType {
        // The service of a provider's backbone, which it names by 24 bits, and the addresses of the frame in it.
        case 0x88E7: 4 + 12  // IEEE 802.1Q §9.7 (802.1ah)
        case 0x893F: 6  // E-TAG, IEEE 802.1BR §7.5
        case 0x8926: 4  // VN-Tag of Cisco
        case _: 6  // Cisco MetaData: version, length, one option with a security group
        }
    }
}
