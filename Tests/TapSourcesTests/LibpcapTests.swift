import CPcap
import TapSources
import TapTestSupport
import Testing

@Suite("libpcap")
struct LibpcapTests {
    /// What libpcap reads from a file, and the error that it ends with.
    static func read(_ path: String) throws -> (packets: [PacketRecord], error: String?) {
        var words = [CChar](repeating: 0, count: Int(PCAP_ERRBUF_SIZE))
        let handle = try #require(
            pcap_open_offline_with_tstamp_precision(path, UInt32(PCAP_TSTAMP_PRECISION_NANO), &words))
        defer { pcap_close(handle) }
        let linkType = pcap_datalink(handle)
        var packets: [PacketRecord] = []
        var header: UnsafeMutablePointer<pcap_pkthdr>?
        var data: UnsafePointer<UInt8>?
        while pcap_next_ex(handle, &header, &data) == 1, let header = header?.pointee {
            packets.append(
                PacketRecord(
                    Int64(header.ts.tv_sec) * 1_000_000_000 + Int64(header.ts.tv_usec),
                    linkType: linkType == DLT_RAW ? 101 : UInt32(linkType), originalLength: Int(header.len),
                    Array(UnsafeBufferPointer(start: data, count: Int(header.caplen)))))
        }
        let error = String(cString: pcap_geterr(handle))
        return (packets, error.isEmpty ? nil : error)
    }

    @Test("reads the same packets", arguments: CaptureSample.all.filter(\.isKnownToLibpcap))
    func oracle(_ sample: CaptureSample) throws {
        let file = try TemporaryFile(sample.file.bytes)
        let theirs = try LibpcapTests.read(file.path)
        #expect(theirs.error == nil)
        #expect(ReadCapture(path: file.path).packets == theirs.packets)
    }
}
