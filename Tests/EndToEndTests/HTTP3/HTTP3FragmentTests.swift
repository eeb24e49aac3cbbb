import Foundation
import TapCore
import TapTestSupport
import Testing

/// Datagrams of QUIC whose IP packets were cut into fragments on their way.
@Suite("HTTP/3 in fragments of IP")
struct HTTP3FragmentTests {
    /// An IPv4 packet in Ethernet, in fragments of 400 bytes.
    private static func fragments(of bytes: [UInt8], _ identification: Int) -> [[UInt8]] {
        var whole = FragmentBytes(Array(bytes[34...]))
        let addresses = [26, 30].map { start in
            IPAddress(ipv4: bytes[start..<start + 4].reduce(0) { $0 << 8 | UInt32($1) })
        }
        (whole.source, whole.destination, whole.protocolNumber) = (addresses[0], addresses[1], bytes[23])
        whole.identification = UInt32(identification)
        return whole.parts(of: 50).map { Array(bytes[..<14]) + $0.bytes }
    }

    /// What was said, without where it stands in the capture.
    private static func said(_ result: Wstap.Result) throws -> [String] {
        let heads = result.records("handshake").map {
            "\($0["verdict"] ?? "") \($0["stream"] ?? "") \($0["connection_id"] ?? "")"
        }
        let frames = result.records("frame").map {
            "\($0["connection"] ?? "") \($0["number"] ?? "") \($0["sender"] ?? "") \($0["kind"] ?? "") \($0["payload"] ?? "")"
        }
        let ends = try result.records("connection").map { record in
            let known = ["connection", "from_client", "from_server", "close", "ping"].map { record[$0] ?? "" }
            return String(
                decoding: try JSONSerialization.data(withJSONObject: known, options: .sortedKeys), as: UTF8.self)
        }
        return heads + frames + ends + result.records("finding").map { "\($0["id"] ?? "") \($0["sender"] ?? "")" }
    }

    @Test("is read as if it were whole", arguments: ["hypercorn", "aioquic-migrated", "aioquic-retry", "ngtcp2-ccm"])
    func fragmented(name: String) throws {
        let sample = Wstap.sample("http3/\(name).pcapng")
        let capture = try #require(try StoredCapture(path: sample))
        let packets = capture.contents.enumerated().flatMap { number, packet in
            let parts = Self.fragments(of: packet.bytes, number + 1)
            // They may come in any order.
            return (number % 2 == 0 ? parts : parts.reversed()).map {
                StoredCapture.Packet(time: packet.time, bytes: $0)
            }
        }
        #expect(packets.count > capture.packetCount + 10)
        let folder = try TemporaryFolder()
        let path = try folder.file("fragments.pcapng", capture.with(packets))
        let whole = try Wstap.run(["read", "--format", "ndjson", sample])
        let result = try Wstap.run(["read", "--format", "ndjson", path])
        #expect(result.status == 0 && result.errors.isEmpty)
        #expect(try Self.said(result) == Self.said(whole))
        let quic = result.records("summary").first?["quic"] as? [String: Any]
        #expect(quic?["read"] as? Int == 1)
        let divided = try Wstap.run(["read", "--format", "ndjson", "--threads", "2", path])
        #expect(divided.outputBytes == result.outputBytes)
    }
}
