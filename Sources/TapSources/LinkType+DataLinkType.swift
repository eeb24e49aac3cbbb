import CPcap
import TapCore

/// The numbers of the link types that libpcap calls otherwise (DLT_) than capture files do (LINKTYPE_).
extension LinkType {
    private static let differing: [(dataLinkType: Int32, linkType: UInt32)] = [
        (DLT_ATM_RFC1483, 100), (DLT_RAW, 101), (DLT_SLIP_BSDOS, 102), (DLT_PPP_BSDOS, 103), (DLT_ATM_CLIP, 106),
        (DLT_PFSYNC, 246),
    ]

    init(dataLinkType: Int32) {
        let entry = LinkType.differing.first { $0.dataLinkType == dataLinkType }
        self.init(rawValue: entry?.linkType ?? UInt32(bitPattern: dataLinkType))
    }

    var dataLinkType: Int32 {
        let entry = LinkType.differing.first { $0.linkType == rawValue }
        return entry?.dataLinkType ?? Int32(clamping: rawValue)
    }

    /// The link type in the header of a classic pcap file, whose upper bits tell of frame check sequences.
    init(pcapField: UInt32) {
        let number = pcapField & 0x03FF_FFFF
        // Old files hold the number that their system had for raw IP: 12, or 14 on OpenBSD.
        self = number == 12 || number == 14 ? .raw : LinkType(rawValue: number)
    }
}
