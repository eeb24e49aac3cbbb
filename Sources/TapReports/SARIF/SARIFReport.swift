import TapAnalysis
import TapCore
import TapWebSocket

/// What `wstap verify` says to tools that show findings: SARIF 2.1.0, a result for each finding, written as it comes.
public struct SARIFReport: Report {
    private let files: [String]
    private let version: String
    private let handshakesOnly: Bool
    private var isBegun = false
    private var hasResults = false

    /// - Parameters:
    ///   - files: the capture files, as the user named them; `-` is standard input.
    ///   - version: of this program.
    ///   - handshakesOnly: whether connections whose handshakes were not captured count for nothing.
    public init(files: [String], version: String, handshakesOnly: Bool = false) {
        // Each file is listed once, however often it was named.
        var seen: Set<String> = []
        self.files = files.map(URIText.reference(to:)).filter { seen.insert($0).inserted }
        self.version = version
        self.handshakesOnly = handshakesOnly
    }

    public mutating func write(_ observations: Observations, start: Timestamp, to output: inout [UInt8]) {
        JSONWriter.append(to: &output) { writer in
            begin(&writer)
            for case .finding(let finding) in observations.all {
                writer.raw(hasResults ? ",\n" : "\n")
                hasResults = true
                writer.write(sarif: finding, in: files)
            }
        }
    }

    public mutating func finish(_ summary: Summary, dropped: UInt64, to output: inout [UInt8]) {
        JSONWriter.append(to: &output) { writer in
            begin(&writer)
            writer.raw("\n]")
            writer.writeInvocation(summary, handshakesOnly: handshakesOnly)
            writer.raw("}]}\n")
        }
    }

    public var tellsFaults: Bool { true }

    /// Writes all that comes before the results: the tool with its rules, and the files.
    private mutating func begin(_ writer: inout JSONWriter) {
        guard !isBegun else { return }
        isBegun = true
        writer.beginObject()
        writer.member("$schema", "https://json.schemastore.org/sarif-2.1.0.json")
        writer.member("version", "2.1.0")
        writer.beginArray("runs")
        writer.beginObject()
        writer.writeTool(version: version)
        writer.beginArray("artifacts")
        for file in files {
            writer.beginObject()
            writer.beginObject("location")
            writer.member("uri", file)
            writer.endObject()
            writer.endObject()
        }
        writer.endArray()
        writer.beginArray("results")
    }
}
