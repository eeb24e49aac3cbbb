import Foundation
import Testing

/// The programs that exports are meant for, driven by the scripts in Tests/Consumers.
enum Consumer {
    /// Runs a script, which fails where it does not find what it should.
    @discardableResult
    static func run(_ script: String, _ arguments: [String]) throws -> String {
        let modules = Wstap.project.appendingPathComponent(".build/python").path
        let result = try Wstap.run(
            "/usr/bin/python3", [Wstap.project.appendingPathComponent("Tests/Consumers/\(script)").path] + arguments,
            environment: ["PYTHONPATH": modules, "PYTHONDONTWRITEBYTECODE": "1"])
        #expect(result.status == 0, "\(result.output)\(result.errors)")
        return result.output
    }

    /// Exports a capture in a format and answers where it is.
    static func export(
        _ capture: String, to format: String, in folder: TemporaryFolder, _ options: [String] = []
    ) throws -> String {
        let path = folder.path("export.\(format)")
        let result = try Wstap.run(["export", capture, "--to", format, "-o", path] + options)
        #expect(result.status == 0, "\(result.errors)")
        return path
    }

    /// The records of a capture, for comparison.
    static func records(
        _ capture: String, in folder: TemporaryFolder, _ options: [String] = []
    ) throws -> String {
        let result = try Wstap.run(["read", "--format", "ndjson", capture] + options)
        return try folder.file("records.ndjson", result.outputBytes)
    }
}
