import TapAnalysis
import TapSecurity
import TapSources
import TapTestSupport
import TapWebSocket
import Testing

/// What is found in a capture file, from its bytes to its frames.
struct Decoded {
    private(set) var frames: [String] = []
    private(set) var handshakes: [Handshake] = []
    private(set) var connections: [Connection] = []
    private(set) var findings: [FindingID] = []
    /// Why connections of TLS were not read.
    private(set) var unread: [TLSUnreadReason] = []
    private(set) var errors: [CaptureError] = []
    private(set) var summary: Summary

    init(_ file: [UInt8], _ options: AnalysisOptions = AnalysisOptions()) throws {
        let file = try TemporaryFile(file)
        var source = CaptureFiles(paths: [file.path])
        var options = options
        options.tls.supply = HeldSecrets(path: file.path)
        var analyzer = Analyzer(options: options)
        summary = analyzer.summary
        while let header = source.next() {
            if analyzer.receive(header, source.bytes) { take(from: &analyzer) }
        }
        analyzer.finish()
        take(from: &analyzer)
        summary = analyzer.summary
        errors = source.errors
    }

    private mutating func take(from analyzer: inout Analyzer) {
        var batch = Observations()
        analyzer.takeObservations(into: &batch)
        for observation in batch.all {
            #expect(observation.brokenTimes.isEmpty)
            switch observation {
            case .frame(let frame):
                let line = Dialogue.line(
                    frame.connection, frame.sender, frame.header.opcode, Array(batch.payload(of: frame)))
                frames.append(frame.isWhole ? line : line + " incomplete")
            case .handshake(let handshake): handshakes.append(handshake)
            case .connection(let connection): connections.append(connection)
            case .finding(let finding): findings.append(finding.violation.id)
            case .tls(let connection): if let reason = connection.reason { unread.append(reason) }
            case .message: break
            }
        }
    }

    /// The frames of each direction in their order, the directions one after another.
    static func byDirection(_ frames: [String]) -> [String] {
        frames.enumerated().sorted { (direction(of: $0.element), $0.offset) < (direction(of: $1.element), $1.offset) }
            .map(\.element)
    }

    private static func direction(of line: String) -> String {
        line.split(separator: " ").prefix(2).joined(separator: " ")
    }
}

/// The secrets that a capture file holds.
private struct HeldSecrets: TLSSecretsSupply {
    let path: String

    func secrets() -> [TLSSecrets] {
        CaptureSecrets.all(in: [path]).map { held in
            var bytes = held.bytes
            return TLSSecrets(wiping: &bytes, from: .capture)
        }
    }
}
