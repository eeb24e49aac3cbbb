import Foundation
import TapTestSupport
import Testing

/// The built binary, run as a user runs it.
enum Wstap {
    struct Result {
        let status: Int32
        /// What was written, byte by byte.
        let outputBytes: Data
        let errorBytes: Data
        let output: String
        let errors: String

        /// What a program wrote into two files.
        init(status: Int32, output: String, errors: String) throws {
            self.status = status
            outputBytes = try Data(contentsOf: URL(fileURLWithPath: output))
            errorBytes = try Data(contentsOf: URL(fileURLWithPath: errors))
            self.output = String(decoding: outputBytes, as: UTF8.self)
            self.errors = String(decoding: errorBytes, as: UTF8.self)
        }

        /// What NDJSON has, none of which may state a time that no clock shows.
        var records: [[String: Any]] {
            output.split(separator: "\n").compactMap { line in
                let record = try? JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
                let faults = record.map(RecordTimes.faults) ?? []
                #expect(faults.isEmpty, "\(line)")
                return record
            }
        }

        func records(_ type: String) -> [[String: Any]] { records.filter { $0["type"] as? String == type } }
    }

    /// Test bundle and binary are built into the same folder.
    static let binary = URL(fileURLWithPath: CommandLine.arguments[0]).resolvingSymlinksInPath()
        .deletingLastPathComponent().appendingPathComponent("wstap")

    static let project = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    static func sample(_ name: String) -> String { project.appendingPathComponent("samples/\(name)").path }

    /// All captures in `samples` and its folders, by their paths in it, in order.
    static let allSamples: [String] = {
        let paths = FileManager.default.enumerator(atPath: project.appendingPathComponent("samples").path)
        return (paths?.compactMap { $0 as? String } ?? []).filter {
            $0.hasSuffix(".pcap") || $0.hasSuffix(".pcapng")
        }.sorted()
    }()

    /// The captures that lie beside no others of their kind.
    static let samples = allSamples.filter { !$0.contains("/") }

    /// The captures of one of the folders.
    static func samples(in folder: String) -> [String] { allSamples.filter { $0.hasPrefix("\(folder)/") } }

    static func run(_ arguments: [String], input: Data? = nil, environment: [String: String] = [:]) throws -> Result {
        try run(binary.path, arguments, input: input, environment: environment)
    }

    /// A copy of the binary that anybody may run, and the environment that it needs: the build folder may not be readable
    /// for others.
    static func copy(for folder: TemporaryFolder) throws -> (path: String, environment: [String: String]) {
        let copy = folder.path("wstap")
        try FileManager.default.copyItem(atPath: binary.path, toPath: copy)
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: folder.url.path)
        let libraries = try shell("ldd '\(binary.path)' | sed -n 's/.*=> \\(.*swift.*\\)\\/[^/]* .*/\\1/p' | head -1")
        return (copy, ["LD_LIBRARY_PATH": libraries.output.trimmingCharacters(in: .whitespacesAndNewlines)])
    }

    /// Runs a line of shell in which `wstap` is the binary.
    static func shell(_ line: String) throws -> Result {
        try run("/bin/bash", ["-c", "wstap() { '\(binary.path)' \"$@\"; }; \(line)"])
    }

    static func run(
        _ program: String, _ arguments: [String], input: Data? = nil, environment: [String: String] = [:]
    ) throws -> Result {
        // Files rather than pipes: nothing can block, however much is written.
        let folder = try TemporaryFolder()
        let output = try folder.file("output", Data())
        let errors = try folder.file("errors", Data())
        let process = Process()
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = arguments
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        process.standardInput = try FileHandle(
            forReadingFrom: URL(fileURLWithPath: folder.file("input", input ?? Data())))
        process.standardOutput = try FileHandle(forWritingTo: URL(fileURLWithPath: output))
        process.standardError = try FileHandle(forWritingTo: URL(fileURLWithPath: errors))
        try process.run()
        process.waitUntilExit()
        return try Result(status: process.terminationStatus, output: output, errors: errors)
    }
}
