import Foundation
import Testing

/// tshark as a second opinion: each frame's packet, opcode, FIN, length and masking key.
@Suite("Compared with tshark")
struct TsharkTests {
    /// Where tshark is known to be wrong, and how. Everywhere else both must agree.
    static let knownFaults = [
        "lossy.pcap": "with reassembly of segments out of order it stops at the first hole of a direction"
    ]

    struct Row: Hashable, CustomStringConvertible {
        let packet: Int
        let opcode: Int
        let isFinal: Bool
        let length: Int
        let key: String
        var withoutPlace: Row { Row(packet: 0, opcode: opcode, isFinal: isFinal, length: length, key: key) }
        var description: String { "packet \(packet): opcode \(opcode), FIN \(isFinal), \(length) bytes, key \(key)" }
    }

    @Test("both find the same frames", arguments: Wstap.samples)
    func sameFrames(sample: String) throws {
        let ours = try TsharkTests.ours(sample)
        let theirs = try TsharkTests.theirs(sample)
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

    static func ours(_ sample: String) throws -> [Row] {
        try Wstap.run(["read", "--format", "ndjson", Wstap.sample(sample)]).records("frame").map { frame in
            Row(
                packet: try #require(frame["packet"] as? Int), opcode: try #require(frame["opcode"] as? Int),
                isFinal: try #require(frame["fin"] as? Bool), length: try #require(frame["length"] as? Int),
                key: frame["masking_key"] as? String ?? "")
        }
    }

    static func theirs(_ sample: String) throws -> [Row] {
        let names = [
            "opcode", "fin", "payload_length", "payload_length_ext_16", "payload_length_ext_64", "masking_key",
        ]
        let fields = ["frame.number"] + names.map { "websocket.\($0)" }
        // HTTP on any port: the samples use those that were free.
        let result = try Wstap.run(
            "/usr/bin/tshark",
            ["-r", Wstap.sample(sample), "-o", "tcp.reassemble_out_of_order:TRUE", "-Y", "websocket", "-T", "fields"]
                + fields.flatMap { ["-e", $0] })
        #expect(result.status == 0, "\(result.errors)")
        return try result.output.split(separator: "\n").flatMap { line in
            try rows(
                line.split(separator: "\t", omittingEmptySubsequences: false).map {
                    $0.split(separator: ",").map(String.init)
                })
        }
    }

    /// tshark prints one line a packet, with the values of all its frames in each column.
    private static func rows(_ columns: [[String]]) throws -> [Row] {
        try #require(columns.count == 7)
        let packet = try #require(columns[0].first.flatMap { Int($0) })
        var (long, longest, keys) = (columns[4][...], columns[5][...], columns[6][...])
        return try columns[1].indices.map { index in
            var length = columns[3][index]
            if length == "126" { length = long.popFirst() ?? "missing" }
            if length == "127" { length = longest.popFirst() ?? "missing" }
            return Row(
                packet: packet, opcode: try #require(Int(columns[1][index])),
                isFinal: ["1", "True"].contains(columns[2][index]), length: try #require(Int(length)),
                // All frames of one packet have one sender, so that either all are masked or none.
                key: keys.popFirst() ?? "")
        }
    }
}
