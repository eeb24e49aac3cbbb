import CPcap
import TapCore

/// A capture filter compiled for one link type, freed when its last owner goes away.
final class FilterProgram {
    private var program = bpf_program()

    /// Compiles `expression` for packets of `handle`; throws libpcap's own words where that fails.
    init(_ expression: String, for handle: borrowing PcapHandle) throws(FilterSyntaxError) {
        guard pcap_compile(handle.pointer, &program, expression, 1, PCAP_NETMASK_UNKNOWN) == 0 else {
            throw FilterSyntaxError(reason: handle.errorText)
        }
    }

    deinit { pcap_freecode(&program) }

    func accepts(_ header: PacketHeader, _ bytes: RawSpan) -> Bool {
        var packet = pcap_pkthdr()
        packet.caplen = UInt32(clamping: bytes.byteCount)
        packet.len = UInt32(clamping: header.originalLength)
        return bytes.withUnsafeBytes {
            pcap_offline_filter(&program, &packet, $0.baseAddress?.assumingMemoryBound(to: UInt8.self)) != 0
        }
    }

    /// Lets the kernel drop what the filter does not accept.
    func install(on handle: borrowing PcapHandle) -> Bool { pcap_setfilter(handle.pointer, &program) == 0 }
}

/// Why libpcap did not compile a filter.
struct FilterSyntaxError: Error {
    let reason: String
}
