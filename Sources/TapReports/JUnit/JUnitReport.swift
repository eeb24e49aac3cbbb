import TapAnalysis
import TapCore
import TapWebSocket

/// What `wstap verify` says to a build server: JUnit's XML, a test suite for each connection.
///
/// A suite is written once its connection has ended, so that no more than the open connections are held.
public struct JUnitReport: Report {
    private let least: Severity
    private let handshakesOnly: Bool
    private var open: [Int: JUnitSuite] = [:]
    private var isBegun = false

    /// - Parameters:
    ///   - least: the least severity of a finding that makes a test case fail.
    ///   - handshakesOnly: whether nothing is told of connections, so that none need be waited for.
    public init(failingFrom least: Severity = .error, handshakesOnly: Bool = false) {
        self.least = least
        self.handshakesOnly = handshakesOnly
    }

    public mutating func write(_ observations: Observations, start: Timestamp, to output: inout [UInt8]) {
        begin(&output)
        var over: Int?
        for (index, observation) in observations.all.enumerated() {
            switch observation {
            case .handshake(let handshake):
                endOver(&over, to: &output)
                let violations = observations.violations(of: handshake, at: index)
                open[handshake.connection] = JUnitSuite(handshake, violations, failingFrom: least)
                if handshakesOnly || !handshake.opensConnection { over = handshake.connection }
            case .finding(let finding):
                open[finding.connection, default: JUnitSuite(of: finding.connection)].add(finding)
            case .connection(let connection): end(connection.number, to: &output)
            case .frame, .message, .tls: break
            }
        }
        endOver(&over, to: &output)
    }

    public mutating func finish(_ summary: Summary, dropped: UInt64, to output: inout [UInt8]) {
        begin(&output)
        for connection in open.keys.sorted() { end(connection, to: &output) }
        let cases = summary.captureCases(handshakesOnly: handshakesOnly)
        if !cases.isEmpty { output += Array(JUnitSuite.xml("capture", at: summary.firstTime, cases).utf8) }
        output += Array("</testsuites>\n".utf8)
    }

    public var tellsFaults: Bool { true }

    private mutating func begin(_ output: inout [UInt8]) {
        guard !isBegun else { return }
        isBegun = true
        output += Array("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"wstap verify\">\n".utf8)
    }

    /// Ends a suite to which no connection's record will come.
    private mutating func endOver(_ connection: inout Int?, to output: inout [UInt8]) {
        if let number = connection { end(number, to: &output) }
        connection = nil
    }

    private mutating func end(_ connection: Int, to output: inout [UInt8]) {
        guard let suite = open.removeValue(forKey: connection) else { return }
        output += Array(suite.xml(failingFrom: least).utf8)
    }
}

extension Summary {
    /// A test case for each input that could not be read to its end, and for whatever else was not read: without them,
    /// a build server takes what nobody has looked at for passed.
    func captureCases(handshakesOnly: Bool) -> [JUnitCase] {
        let skipped = [nothingJudged(handshakesOnly: handshakesOnly)].compactMap(\.self) + unreadItems.map(\.words)
        return faults.map { JUnitCase(name: $0, group: "wstap.capture", outcome: .error, lines: [$0]) }
            + skipped.map { JUnitCase(name: $0, group: "wstap.capture", outcome: .skipped(why: $0), lines: []) }
    }
}
