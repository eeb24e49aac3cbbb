import Foundation
import TapFuzzing
import Testing

/// Everything that fuzzing begins with, through the same properties without a fuzzer.
@Suite("Seeds of the fuzzers")
struct SeedTests {
    static let project = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    @Test("each committed seed keeps to the properties of its target", arguments: FuzzTarget.allCases)
    func committed(target: FuzzTarget) throws {
        for file in try files(in: "Fuzzing/Seeds/\(target.rawValue)") {
            target.run([UInt8](try Data(contentsOf: file)))
        }
    }

    @Test("so does each sample", arguments: [FuzzTarget.capture, .pipeline], ["samples", "samples/conformance"])
    func samples(target: FuzzTarget, folder: String) throws {
        for file in try files(in: folder) where file.pathExtension.hasPrefix("pcap") {
            target.run([UInt8](try Data(contentsOf: file)))
        }
    }

    private func files(in folder: String) throws -> [URL] {
        let folder = SeedTests.project.appendingPathComponent(folder)
        guard FileManager.default.fileExists(atPath: folder.path) else { return [] }
        return try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
            .filter { !$0.hasDirectoryPath }.sorted { $0.path < $1.path }
    }
}
