import CPcap

/// Where libpcap puts its words on a failure that has no handle.
struct PcapErrorBuffer {
    var characters = [CChar](repeating: 0, count: Int(PCAP_ERRBUF_SIZE))

    var text: String {
        String(decoding: characters.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
