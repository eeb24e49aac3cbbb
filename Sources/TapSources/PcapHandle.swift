import CPcap
import TapCore

/// An open handle of libpcap, closed when its owner goes away.
struct PcapHandle: ~Copyable {
    let pointer: OpaquePointer

    init(_ pointer: OpaquePointer) { self.pointer = pointer }

    /// A handle that captures nothing, for compiling filters.
    init?(compilingFor linkType: LinkType) {
        guard let pointer = pcap_open_dead(linkType.dataLinkType, 262_144) else { return nil }
        self.init(pointer)
    }

    deinit { pcap_close(pointer) }

    /// What libpcap says of its last failure.
    var errorText: String { String(cString: pcap_geterr(pointer)) }
}
