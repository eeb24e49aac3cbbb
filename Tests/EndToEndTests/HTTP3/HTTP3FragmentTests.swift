import Foundation
import Testing

/// Datagrams of QUIC whose IP packets were cut into fragments on their way.
@Suite("HTTP/3 in fragments of IP")
struct HTTP3FragmentTests {
    private static let size = 400

    /// An IPv4 packet in Ethernet, in fragments.
    private static func fragments(of bytes: [UInt8], _ identification: Int) -> [[UInt8]] {
        let (link, payload) = (Array(bytes[..<34]), Array(bytes[34...]))
        return stride(from: 0, to: payload.count, by: size).map { offset in
            let part = Array(payload[offset..<min(offset + size, payload.count)])
            let isLast = offset + size >= payload.count
            var header = link
            let (length, place) = (20 + part.count, offset / 8 | (isLast ? 0 : 0x2000))
            header.replaceSubrange(
                16..<22, with: [length, identification, place].flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] })
            header.replaceSubrange(24..<26, with: [0, 0])
            var sum = stride(from: 14, to: 34, by: 2).reduce(0) { $0 + Int(header[$1]) << 8 + Int(header[$1 + 1]) }
            while sum > 0xFFFF { sum = sum & 0xFFFF + sum >> 16 }
            header.replaceSubrange(24..<26, with: [UInt8(~sum >> 8 & 0xFF), UInt8(~sum & 0xFF)])
            return header + part
        }
    }

    /// What was said, without where it stands in the capture.
    private static func said(_ result: Wstap.Result) -> [String] {
        let heads = result.records("handshake").map {
            "\($0["verdict"] ?? "") \($0["stream"] ?? "") \($0["connection_id"] ?? "")"
        }
        let frames = result.records("frame").map {
            "\($0["connection"] ?? "") \($0["number"] ?? "") \($0["sender"] ?? "") \($0["kind"] ?? "") \($0["payload"] ?? "")"
        }
        let ends = result.records("connection").map { "\($0["connection"] ?? "") \($0["from_client"] ?? "")".count }
        return heads + frames + ends.map(String.init) + result.records("finding").map { "\($0["id"] ?? "")" }
    }

    @Test("is read as if it were whole", arguments: ["hypercorn", "aioquic-migrated", "aioquic-retry", "ngtcp2-ccm"])
    func fragmented(name: String) throws {
        let sample = Wstap.sample("http3/\(name).pcapng")
        let capture = try CaptureBlocks(sample)
        let packets = capture.contents.enumerated().flatMap { number, packet in
            let parts = Self.fragments(of: packet.bytes, number + 1)
            // They may come in any order.
            return (number % 2 == 0 ? parts : parts.reversed()).map {
                CaptureBlocks.Packet(time: packet.time, bytes: $0)
            }
        }
        #expect(packets.count > capture.packets.count + 10)
        let folder = try TemporaryFolder()
        let path = try folder.file("fragments.pcapng", capture.with(packets))
        let whole = try Wstap.run(["read", "--format", "ndjson", sample])
        let result = try Wstap.run(["read", "--format", "ndjson", path])
        #expect(result.status == 0 && result.errors.isEmpty)
        #expect(Self.said(result) == Self.said(whole))
        let quic = result.records("summary").first?["quic"] as? [String: Any]
        #expect(quic?["read"] as? Int == 1)
        let divided = try Wstap.run(["read", "--format", "ndjson", "--threads", "2", path])
        #expect(divided.outputBytes == result.outputBytes)
    }
}
