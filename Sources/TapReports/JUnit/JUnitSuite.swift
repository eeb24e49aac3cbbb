import TapAnalysis
import TapCore
import TapWebSocket

/// One connection as a test suite: what was checked of its handshake, and each rule that was broken after it.
struct JUnitSuite {
    /// A rule that one peer broke, with where.
    private struct Broken {
        let sender: Sender?
        let id: FindingID
        var findings: [Finding]
    }

    private let connection: Int
    private let handshake: (name: String, time: Timestamp, cases: [JUnitCase])?
    private var told = ToldFindings()
    private var broken: [Broken] = []

    /// - Parameter violations: all that is told of the handshake.
    init(_ handshake: Handshake, _ violations: [Violation], failingFrom least: Severity) {
        connection = handshake.connection
        self.handshake = (handshake.title, handshake.time, handshake.cases(violations, failingFrom: least))
        told.note(violations, of: handshake)
    }

    /// A connection whose handshake was told earlier.
    init(of connection: Int) {
        self.connection = connection
        handshake = nil
    }

    mutating func add(_ finding: Finding) {
        guard !told.contains(finding) else { return }
        let id = finding.violation.id
        if let index = broken.firstIndex(where: { $0.id == id && $0.sender == finding.sender }) {
            broken[index].findings.append(finding)
        } else {
            broken.append(Broken(sender: finding.sender, id: id, findings: [finding]))
        }
    }

    func xml(failingFrom least: Severity) -> String {
        let cases = (handshake?.cases ?? []) + broken.map { JUnitSuite.testCase($0, failingFrom: least) }
        return JUnitSuite.xml(handshake?.name ?? "#\(connection)", at: handshake?.time, cases)
    }

    /// The element of any suite.
    static func xml(_ name: String, at time: Timestamp?, _ cases: [JUnitCase]) -> String {
        let (failures, errors) = (cases.count(where: \.isFailure), cases.count(where: \.isError))
        let skipped = cases.count(where: \.isSkipped)
        let time = time.map { " timestamp=\"\(TimeText.rfc3339($0))\"" } ?? ""
        return "  <testsuite name=\"\(XMLText.escape(name))\" tests=\"\(cases.count)\" failures=\"\(failures)\""
            + " errors=\"\(errors)\" skipped=\"\(skipped)\"\(time)>\n" + cases.map(\.xml).joined()
            + "  </testsuite>\n"
    }

    private static func testCase(_ broken: Broken, failingFrom least: Severity) -> JUnitCase {
        let who = broken.sender.map { "\($0.rawValue): " } ?? ""
        let group = broken.id.family == .capture ? "wstap.capture" : "wstap.frames"
        let message = broken.findings.first?.violation.detail ?? broken.id.meaning
        let severity = broken.findings.map(\.violation.severity).max() ?? broken.id.severity
        return JUnitCase(
            name: "\(who)\(broken.id.rawValue)", group: group,
            outcome: severity >= least ? .failed(severity, message: message) : .remarked,
            lines: [
                "\(severity.rawValue) \(broken.id.rawValue): \(broken.id.meaning) (\(broken.id.reference))"
            ]
                + broken.findings.map(\.line))
    }
}

extension Finding {
    /// Where it was found, and what shows it.
    fileprivate var line: String {
        let place = (frame.map { "frame \($0), " } ?? "") + "packet \(packet.rawValue)"
        return "\(place): \(violation.line)"
    }
}
