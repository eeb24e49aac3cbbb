import Foundation
import TapTestSupport
import Testing

/// What `wstap shard` makes of captures, and what `wstap read` says of that.
struct Sharded {
    static let events = [
        "--format", "ndjson", "--events", "handshake,frame,message,finding,connection,comment,tls,summary",
    ]

    /// Findings that compare connections: whoever sees only one of two has nothing to compare.
    private static let comparing: Set<String> = ["request-key-reused", "capture-duplicated"]

    let run: Wstap.Result
    let folder: String
    let files: [String]

    init(_ inputs: [String], _ count: Int, in folder: TemporaryFolder, options: [String] = []) throws {
        let output = folder.path("shards-\(count)")
        run = try Wstap.run(["shard", "--shards", "\(count)", "-o", output] + options + inputs)
        self.folder = output
        let names = (try? FileManager.default.contentsOfDirectory(atPath: output)) ?? []
        files = names.filter { $0.hasSuffix(".pcapng") }.sorted().map { "\(output)/\($0)" }
    }

    var manifest: [String: Any] {
        get throws {
            let data = try Data(contentsOf: URL(fileURLWithPath: "\(folder)/manifest.json"))
            return try #require(JSONSerialization.jsonObject(with: data) as? [String: Any])
        }
    }

    /// All records of all shards, each analyzed by a process of its own.
    func records() throws -> [[String: Any]] {
        try files.flatMap { try Wstap.run(["read"] + Self.events + [$0]).records }
    }

    /// Whether all captures are divided, and not only some of them.
    static let isThorough = ProcessInfo.processInfo.environment["WSTAP_SHARDS"] != nil

    /// How many shards the next of many captures is divided into; with `WSTAP_SHARDS=1,2,3,7,64` into each of these.
    static func counts(_ number: Int) -> [Int] {
        let wanted = ProcessInfo.processInfo.environment["WSTAP_SHARDS"] ?? ""
        let counts = wanted.split(separator: ",").compactMap { Int($0) }
        return counts.isEmpty ? [number % 2 == 0 ? 2 : 7] : counts
    }

    /// Records as they must be the same for every number of shards, each as a line, in order.
    static func comparable(_ records: [[String: Any]]) throws -> [String] {
        try records.filter { $0["type"] as? String != "summary" }.compactMap { record in
            if let id = record["id"] as? String, comparing.contains(id) { return nil }
            var record = record
            // What compares connections is left to merging.
            for member in ["connection", "file", "file_packet", "pair"] { record[member] = nil }
            if let findings = record["findings"] as? [String] {
                record["findings"] = findings.filter { !comparing.contains($0) }
            }
            return String(
                decoding: try JSONSerialization.data(withJSONObject: record, options: .sortedKeys), as: UTF8.self)
        }.sorted()
    }

    /// Expects that shards of files have together what the files have, as a folder and one by one.
    static func expectSame(_ inputs: [String], _ number: Int, _ name: String, in folder: TemporaryFolder) throws {
        let whole = try Wstap.run(["read"] + events + inputs)
        let expected = try comparable(whole.records)
        for count in counts(number) {
            let sharded = try Sharded(inputs, count, in: folder)
            #expect(sharded.run.status == whole.status, "\(name), \(count): \(sharded.run.errors)")
            guard !sharded.files.isEmpty else {
                #expect(expected.isEmpty, "\(name), \(count)")
                continue
            }
            let found = try sharded.records()
            let lines = try comparable(found)
            let different = Set(lines).symmetricDifference(expected).sorted()
            #expect(different.isEmpty, "\(name), \(count): \(different.first ?? "")")
            #expect(lines.count == expected.count, "\(name), \(count)")
            let together = try Wstap.run(["read"] + events + [sharded.folder])
            #expect(try comparable(together.records) == expected, "\(name), \(count), as a folder")
            let packets = { (records: [[String: Any]]) in records.compactMap { $0["packets"] as? Int }.reduce(0, +) }
            #expect(packets(found) == packets(whole.records), "\(name), \(count)")
            try sharded.expectMerged(as: inputs, number, together, "\(name), \(count)")
            try FileManager.default.removeItem(atPath: sharded.folder)
        }
    }
}
