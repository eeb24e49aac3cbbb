import CPcap
public import TapCore

extension LinkType {
    /// Its name in libpcap, or where that has none, as for `USER0`, in the registry of tcpdump.org; `nil` where it has
    /// none there either.
    public var name: String? {
        if let name = pcap_datalink_val_to_name(dataLinkType) { return String(cString: name) }
        return LinkType.firstOfUser...LinkType.lastOfUser ~= rawValue
            ? "USER\(rawValue - LinkType.firstOfUser)" : LinkType.registeredNames[rawValue]
    }

    /// Set aside for whatever anybody uses them for.
    private static let (firstOfUser, lastOfUser): (UInt32, UInt32) = (147, 162)

    private static let registeredNames: [UInt32: String] = [
        2: "EN3MB", 3: "AX25", 4: "PRONET", 5: "CHAOS", 110: "LANE8023", 111: "HIPPI", 112: "HDLC", 115: "ECONET",
        116: "IPFILTER", 118: "CISCO_IOS", 120: "AIRONET_HEADER", 121: "HHDLC", 124: "RIO", 125: "PCI_EXP",
        126: "AURORA", 128: "TZSP", 145: "IBM_SP", 146: "IBM_SN", 172: "GCOM_T1E1", 173: "GCOM_SERIAL", 203: "LAPD",
        204: "PPP_WITH_DIR", 205: "C_HDLC_WITH_DIR", 206: "FRELAY_WITH_DIR", 207: "LAPB_WITH_DIR", 210: "FLEXRAY",
        211: "MOST", 212: "LIN", 213: "X2E_SERIAL", 214: "X2E_XORAYA", 217: "GSMTAP_UM", 218: "GSMTAP_ABIS",
        252: "WIRESHARK_UPPER_PDU", 270: "LORATAP", 277: "SERCOS_MONITOR", 290: "ETW", 291: "NETANALYZER_NG",
        292: "ZBOSS_NCP", 293: "USB_2_0_LOW_SPEED", 294: "USB_2_0_FULL_SPEED", 295: "USB_2_0_HIGH_SPEED",
        296: "AUERSWALD_LOG", 297: "ZWAVE_TAP", 298: "SILABS_DEBUG_CHANNEL", 299: "FIRA_UCI", 300: "MDB",
        301: "DECT_NR", 302: "EDK2_MM", 303: "DEBUG_ONLY",
    ]
}
