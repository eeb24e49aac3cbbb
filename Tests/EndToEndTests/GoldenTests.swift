import Foundation
import TapTestSupport
import Testing

/// What `wstap` prints of each sample, against files that were looked at when they were written.
///
/// `make golden` writes them anew, and then fails once, so that nobody takes that for a test run.
@Suite("Golden files")
struct GoldenTests {
    static let formats: [String: [String]] = [
        "table": ["read"], "wide": ["read", "--time", "absolute", "--color", "always"],
        "json": ["read", "--format", "json"], "ndjson": ["read", "--format", "ndjson"],
        "csv": ["export", "--to", "csv", "-o", "-"], "verify": ["verify"],
    ]
    static let columns = ["table": "80", "verify": "100", "wide": "200"]
    static let folder = Wstap.project.appendingPathComponent("Tests/Golden")
    static let isRewriting = ProcessInfo.processInfo.environment["WSTAP_REWRITE_GOLDEN"] == "1"

    @Test("there are samples")
    func present() { #expect(Wstap.samples.count >= 17) }

    @Test("each sample in each format", arguments: Wstap.samples, formats.keys.sorted())
    func golden(sample: String, format: String) throws {
        let file = GoldenTests.folder.appendingPathComponent("\(sample).\(format)")
        let result = try Wstap.run(
            try #require(GoldenTests.formats[format]) + [Wstap.sample(sample)],
            environment: ["COLUMNS": GoldenTests.columns[format] ?? "120"])
        #expect(result.errors.isEmpty)
        if GoldenTests.isRewriting {
            try FileManager.default.createDirectory(at: GoldenTests.folder, withIntermediateDirectories: true)
            try Data(result.output.utf8).write(to: file)
            Issue.record("\(file.lastPathComponent) was rewritten")
            return
        }
        let expected = String(decoding: try Data(contentsOf: file), as: UTF8.self)
        #expect(Difference.first(expected: expected, found: result.output) == nil)
    }
}
