import TapAnalysis
import TapCore
import TapReports

/// A report with what it wrote so far, and what that must be.
struct ReportOutput {
    enum Form {
        /// Nothing in it acts on a terminal but line ends.
        case terminal
        case json
        /// Each line is JSON.
        case jsonLines
        case text
    }

    private var report: any Report
    private let form: Form
    private var bytes: [UInt8] = []

    init(_ report: any Report, _ form: Form) {
        self.report = report
        self.form = form
    }

    mutating func write(_ observations: Observations, start: Timestamp) {
        report.write(observations, start: start, to: &bytes)
    }

    /// Ends the report, and looks at all of it.
    mutating func finish(_ summary: Summary) {
        report.finish(summary, dropped: 0, to: &bytes)
        switch form {
        case .terminal:
            let harm = TerminalCheck.harm(in: bytes)
            Property.hold(harm == nil, "a terminal is safe from \(harm ?? "")")
        case .json: check(JSONCheck.isValue(bytes), bytes[...])
        case .jsonLines:
            for line in bytes.split(separator: UInt8(ascii: "\n")) { check(JSONCheck.isValue(Array(line)), line) }
        case .text: check(String(validating: bytes, as: UTF8.self) != nil, bytes[...])
        }
    }

    private func check(_ isRight: Bool, _ output: ArraySlice<UInt8>) {
        Property.hold(isRight, "\(type(of: report)) writes \(form): \(String(decoding: output, as: UTF8.self))")
    }
}
