import Foundation
import Testing

/// The samples against what the software that made them counted itself.
@Suite("Compared with what the peers counted")
struct TruthTests {
    static let truths = Wstap.samples.filter { FileManager.default.fileExists(atPath: Wstap.truthPath($0)) }

    @Test("there are peers' counts of every sample but those that were made from another")
    func present() { #expect(TruthTests.truths.count >= 17) }

    @Test("frames by opcode and sender, connections, and statuses agree", arguments: truths)
    func counts(sample: String) throws {
        let truth = try Wstap.truth(of: sample)
        let result = try Wstap.run(["read", "--format", "ndjson", Wstap.sample(sample)])
        for sender in ["client", "server"] {
            let expected = truth["from_\(sender)"] as? [String: Int] ?? [:]
            let frames = result.records("frame").filter { $0["sender"] as? String == sender }
            for (kind, count) in expected {
                #expect(frames.count { $0["kind"] as? String == kind } == count, "\(kind) from the \(sender)")
            }
        }
        if let connections = truth["connections"] as? Int {
            #expect(result.records("handshake").count == connections)
        }
    }
}
