import Foundation
import Testing

/// tshark as a second opinion: each frame's packet, opcode, FIN, length and masking key.
@Suite("Compared with tshark")
struct TsharkTests {
    /// Where tshark is known to be wrong, and how. Everywhere else both must agree.
    static let knownFaults = [
        "lossy.pcap": "with reassembly of segments out of order it stops at the first hole of a direction"
    ]

    @Test("both find the same frames", arguments: Wstap.samples)
    func sameFrames(sample: String) throws {
        let ours = try TsharkTests.ours(Wstap.sample(sample))
        let theirs = try Tshark.frames(in: Wstap.sample(sample))
        if TsharkTests.knownFaults[sample] == nil {
            #expect(ours == theirs)
        } else {
            // What tshark does find must be there all the same, and if it finds all, the fault is gone. It names the
            // packet that came last, we the one that holds the frame's last byte.
            let found = Set(ours.map(\.withoutPlace))
            #expect(theirs.count { !found.contains($0.withoutPlace) } == 0)
            #expect(ours.count > theirs.count)
        }
    }

    @Test("both find the same time between a request and its response", arguments: Wstap.samples)
    func sameResponseTimes(sample: String) throws {
        let handshakes = try Wstap.run(["read", "--format", "ndjson", "--events", "handshake", Wstap.sample(sample)])
        let theirs = try Tshark.responseTimes(in: Wstap.sample(sample))
        for handshake in handshakes.records {
            let response = handshake["response"] as? [String: Any]
            guard let packet = response?["packet"] as? Int, let time = theirs[packet] else { continue }
            let ours = try #require(handshake["response_seconds"] as? Double)
            #expect(abs(ours - time) < 1e-9)
        }
    }

    @Test("there are times to compare")
    func times() throws { #expect(try Tshark.responseTimes(in: Wstap.sample("twenty.pcap")).count == 20) }

    static func ours(_ path: String) throws -> [Tshark.Row] {
        try Wstap.run(["read", "--format", "ndjson", path]).records("frame").map { frame in
            Tshark.Row(
                packet: try #require(frame["packet"] as? Int), opcode: try #require(frame["opcode"] as? Int),
                isFinal: try #require(frame["fin"] as? Bool), length: try #require(frame["length"] as? Int),
                key: frame["masking_key"] as? String ?? "")
        }
    }
}
