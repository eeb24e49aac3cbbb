import Foundation
import Testing

@Suite("The records' schema")
struct RecordSchemaTests {
    /// The captures that show each finding.
    static let conformance = Wstap.samples(in: "conformance")

    /// With frames, and with messages in their place.
    static let options: [[String]] = [[], ["--messages"], ["--payload", "preview"], ["-Y", "severity or sender"]]

    @Test("every line of every sample is valid", arguments: Wstap.samples)
    func sample(name: String) throws {
        var output = ""
        for options in RecordSchemaTests.options {
            let lines = try Wstap.run(["read", "--format", "ndjson"] + options + [Wstap.sample(name)])
            output += lines.output
            #expect(lines.records("summary").count == 1)
            #expect(
                lines.records("frame").isEmpty == options.contains("--messages") || lines.records("connection").isEmpty)
        }
        try check(output)
    }

    @Test("there are captures that show findings")
    func present() { #expect(RecordSchemaTests.conformance.count > 100) }

    @Test("every line of the captures that show findings is valid, of each alone and of many together")
    func findings() throws {
        let captures = RecordSchemaTests.conformance.map(Wstap.sample)
        var output = ""
        for capture in captures { output += try Wstap.run(["read", "--format", "ndjson", capture]).output }
        for options in RecordSchemaTests.options.dropFirst() {
            for start in stride(from: 0, to: captures.count, by: 48) {
                let many = try Wstap.run(["read", "--format", "ndjson"] + options + captures[start...].prefix(48))
                #expect(!many.records("finding").isEmpty, "\(many.errors)")
                output += many.output
            }
        }
        try check(output)
    }

    @Test("every line of the captures of HTTP/2 is valid", arguments: HTTP2Truth.all)
    func http2(truth: HTTP2Truth) throws {
        try check(
            RecordSchemaTests.options.map { options in
                try Wstap.run(["read", "--format", "ndjson"] + options + truth.arguments).output
            }.joined())
    }

    @Test("every line that verify writes is valid")
    func verify() throws {
        try check(
            Wstap.samples.map { name in
                try Wstap.run(["verify", "--format", "ndjson", "--only", "handshake", Wstap.sample(name)]).output
            }.joined())
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
