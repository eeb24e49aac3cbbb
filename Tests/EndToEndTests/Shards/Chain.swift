import Foundation
import TapTestSupport
import Testing

/// Captures that are analyzed one after another, each by a run of its own that goes on where the one before ended.
struct Chain {
    static let events = ["--to", "ndjson", "--events", "handshake,frame,message,finding,connection,tls,summary"]

    private(set) var records: [[String: Any]] = []
    private(set) var results: [Wstap.Result] = []

    init(_ files: [String], in folder: TemporaryFolder, options: [String] = []) throws {
        for (number, file) in files.enumerated() {
            let output = folder.path("\(number).ndjson")
            var arguments = ["export", file] + Self.events + ["-o", output] + options
            if number > 0 { arguments += ["--carry-from", folder.path("\(number - 1).open")] }
            if number < files.count - 1 { arguments += ["--carry-to", folder.path("\(number).open")] }
            let result = try Wstap.run(arguments)
            results.append(result)
            guard result.status == 0 else { return }
            records += try String(contentsOfFile: output, encoding: .utf8).split(separator: "\n").compactMap {
                try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any]
            }
        }
    }

    /// Files that have the packets of a capture, of which the places say where the next one begins.
    static func cut(_ capture: StoredCapture, at places: [Int], in folder: TemporaryFolder) throws -> [String] {
        let bounds = [0] + places + [capture.packetCount]
        return try zip(bounds, bounds.dropFirst()).enumerated().map { number, bound in
            let path = folder.path("part-\(number)")
            let others = Set(0..<capture.packetCount).subtracting(bound.0..<bound.1)
            try capture.write(without: others, to: path)
            return path
        }
    }

    /// What of totals is the sum of those of all files.
    private static let sums = ["packets", "bytes", "flows", "connections", "frames", "messages"]

    private static func totals(_ records: [[String: Any]]) -> [Int] {
        let summaries = records.filter { $0["type"] as? String == "summary" }
        let verdicts = ["valid", "invalid", "refused", "unanswered", "unverifiable", "midstream"].map { name in
            summaries.reduce(0) { $0 + (($1["handshakes"] as? [String: Int])?[name] ?? 0) }
        }
        return sums.map { name in summaries.reduce(0) { $0 + ($1[name] as? Int ?? 0) } } + verdicts
    }

    /// Expects that files have one after another what the whole has.
    static func expectSame(_ files: [String], as whole: String, _ name: String, in folder: TemporaryFolder) throws {
        let expected = try Wstap.run(["export", whole] + events + ["-o", "-"])
        // One that is damaged, or whose times leap, has no other one that follows it.
        guard expected.errors.isEmpty else { return }
        let chain = try Chain(files, in: folder)
        let errors = chain.results.map(\.errors).joined()
        #expect(chain.results.count == files.count && errors.isEmpty, "\(name): \(errors)")
        let (found, wanted) = (try Sharded.comparable(chain.records), try Sharded.comparable(expected.records))
        let different = Set(found).symmetricDifference(wanted).sorted()
        #expect(different.isEmpty, "\(name): \(different.count): \(different.first ?? "")")
        #expect(found.count == wanted.count, "\(name)")
        #expect(totals(chain.records) == totals(expected.records), "\(name)")
    }
}
