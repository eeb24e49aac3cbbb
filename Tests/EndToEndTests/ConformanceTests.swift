import Foundation
import Testing

/// The captures of `samples/conformance`, each of which breaks one rule and no other.
@Suite("Captures of broken rules")
struct ConformanceTests {
    struct Capture: CustomTestStringConvertible, Sendable {
        let name: String
        let options: [String]
        let frames: Int
        /// `connection id frame sender`, in any order; of `capture-*` findings nobody is the sender.
        let findings: [String]

        var testDescription: String { name }
    }

    static let captures: [Capture] = {
        let file = URL(fileURLWithPath: Wstap.sample("conformance/expected.json"))
        guard let data = try? Data(contentsOf: file),
            let all = try? JSONSerialization.jsonObject(with: data) as? [String: [String: Any]]
        else { return [] }
        return all.sorted { $0.key < $1.key }.map { name, facts in
            Capture(
                name: name, options: facts["command-options"] as? [String] ?? [], frames: facts["frames"] as? Int ?? -1,
                findings: (facts["findings"] as? [[String: Any]] ?? []).map(line).sorted())
        }
    }()

    private static func line(_ finding: [String: Any]) -> String {
        let id = finding["id"] as? String ?? "?"
        let frame = (finding["frame"] as? Int).map(String.init) ?? "-"
        let sender = id.hasPrefix("capture-") ? "-" : finding["sender"] as? String ?? "-"
        return "\(finding["connection"] as? Int ?? 1) \(id) \(frame) \(sender)"
    }

    @Test("there are captures")
    func present() { #expect(ConformanceTests.captures.count > 100) }

    @Test("what is wrong is found where it is, and nothing else", arguments: captures)
    func findings(capture: Capture) throws {
        let result = try Wstap.run(
            ["read", "--format", "ndjson"] + capture.options + [Wstap.sample("conformance/\(capture.name)")])
        #expect(result.status == 0 && result.errors.isEmpty)
        #expect(result.records("finding").map(ConformanceTests.line).sorted() == capture.findings)
        #expect(result.records("frame").count == capture.frames)
    }
}
