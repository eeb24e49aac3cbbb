import Foundation
import TapFuzzing
import Testing

/// The seeds that are made, against the files; `make golden` writes those anew.
@Suite("Seeds that are made")
struct SeedGoldenTests {
    static let isRewriting = ProcessInfo.processInfo.environment["WSTAP_REWRITE_GOLDEN"] == "1"

    @Test("the seeds that are made are the committed ones", arguments: FuzzTarget.allCases)
    func made(target: FuzzTarget) throws {
        let folder = SeedTests.project.appendingPathComponent("Fuzzing/Seeds/\(target.rawValue)")
        for (name, bytes) in Seeds.of(target) {
            let file = folder.appendingPathComponent(name)
            if SeedGoldenTests.isRewriting {
                try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
                try Data(bytes).write(to: file)
                Issue.record("\(target.rawValue)/\(name) was rewritten")
            } else {
                #expect(try [UInt8](Data(contentsOf: file)) == bytes, "\(name)")
            }
        }
    }
}
