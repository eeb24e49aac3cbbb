import Glibc
import TapAnalysis
import TapCore
import TapReports

/// Runs a command of the user's for findings: one at a time, and at most one a second. What comes in between is counted.
final class FindingHook {
    private static let pause = Duration.seconds(1)
    /// How long the last one is waited for at the end.
    private static let patience = Duration.seconds(5)
    /// Bytes of a record that an environment has room for.
    private static let recordLimit = 64 << 10

    private let command: String
    private var program: ChildProgram?
    private var last: ContinuousClock.Instant?
    private var leftOut: UInt64 = 0
    private var hasFailed = false

    init(_ command: String) { self.command = command }

    func note(_ finding: Finding, of observations: Observations, start: Timestamp) {
        let now = ContinuousClock.now
        guard program?.hasEnded ?? true, last.map({ now - $0 >= FindingHook.pause }) ?? true else {
            leftOut += 1
            return
        }
        last = now
        do throws(ChildProgram.StartError) {
            program = try ChildProgram(
                ["/bin/sh", "-c", command], with: FindingHook.variables(finding, of: observations, start: start),
                isApart: true)
        } catch {
            leftOut += 1
            if !hasFailed { StandardError.say("--on-finding: \(error.reason)") }
            hasFailed = true
        }
    }

    private static func variables(
        _ finding: Finding, of observations: Observations, start: Timestamp
    ) -> [String: String] {
        var report = NDJSONReport(ReportOptions(events: .finding, payload: .none))
        var record: [UInt8] = []
        report.write(observations.with([.finding(finding)]), start: start, to: &record)
        if record.last == UInt8(ascii: "\n") { record.removeLast() }
        var variables = [
            "WSTAP_FINDING": finding.violation.id.rawValue, "WSTAP_SEVERITY": finding.violation.severity.rawValue,
            "WSTAP_CONNECTION": "\(finding.connection)", "WSTAP_PACKET": "\(finding.packet.rawValue)",
            "WSTAP_DETAIL": TerminalText.escape(finding.violation.detail),
        ]
        if record.count <= recordLimit { variables["WSTAP_RECORD"] = String(decoding: record, as: UTF8.self) }
        return variables
    }

    /// Waits for the last one, and says how many findings there was no command for.
    func finish() {
        let end = ContinuousClock.now + FindingHook.patience
        while let program, !program.hasEnded, ContinuousClock.now < end { usleep(10_000) }
        guard leftOut > 0 else { return }
        StandardError.say("\(Decimal.counted(leftOut, "finding")) came too soon for --on-finding")
    }
}
