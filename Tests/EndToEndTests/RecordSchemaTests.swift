import Foundation
import Testing

@Suite("The records' schema")
struct RecordSchemaTests {
    /// The captures that show each finding.
    static let conformance = Wstap.samples(in: "conformance")

    /// With frames, and with messages in their place.
    static let options: [[String]] = [[], ["--messages"], ["--payload", "preview"], ["-Y", "severity or sender"]]

    @Test("every line of every sample is valid", arguments: Wstap.samples, options)
    func sample(name: String, options: [String]) throws {
        let lines = try Wstap.run(["read", "--format", "ndjson"] + options + [Wstap.sample(name)])
        try check(lines.output)
        #expect(lines.records("summary").count == 1)
        #expect(lines.records("frame").isEmpty == options.contains("--messages") || lines.records("connection").isEmpty)
    }

    @Test("there are captures that show findings")
    func present() { #expect(RecordSchemaTests.conformance.count > 100) }

    @Test("every line of the captures that show findings is valid", arguments: options)
    func findings(options: [String]) throws {
        var output = ""
        for name in RecordSchemaTests.conformance {
            output += try Wstap.run(["read", "--format", "ndjson"] + options + [Wstap.sample(name)]).output
        }
        try check(output)
    }

    @Test("every line of the captures of HTTP/2 is valid", arguments: HTTP2Truth.all, options)
    func http2(truth: HTTP2Truth, options: [String]) throws {
        try check(Wstap.run(["read", "--format", "ndjson"] + options + truth.arguments).output)
    }

    @Test("every line that verify writes is valid", arguments: Wstap.samples)
    func verify(name: String) throws {
        try check(Wstap.run(["verify", "--format", "ndjson", "--only", "handshake", Wstap.sample(name)]).output)
    }

    private func check(_ lines: String) throws {
        let folder = try TemporaryFolder()
        let path = try folder.file("records.ndjson", Data(lines.utf8))
        let result = try Wstap.run(
            "/usr/bin/python3",
            [
                Wstap.project.appendingPathComponent("Tests/check-records.py").path,
                Wstap.project.appendingPathComponent("docs/records.schema.json").path, path,
            ])
        #expect(result.status == 0, "\(result.output)\(result.errors)")
    }
}
