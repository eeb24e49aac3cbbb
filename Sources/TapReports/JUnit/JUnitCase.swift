import TapWebSocket

/// One test case of a JUnit report: a rule that was checked, or one that was found broken.
struct JUnitCase {
    enum Outcome {
        case passed
        /// Something was found, but nothing that counts as a failure.
        case remarked
        case failed(Severity, message: String)
        /// - Parameter why: what kept it from being checked.
        case skipped(why: String)
        /// An input could not be read, or not to its end.
        case error
    }

    let name: String
    /// What it belongs to, as dots in JUnit separate packages.
    let group: String
    let outcome: Outcome
    /// What was found, a line each.
    let lines: [String]

    var isFailure: Bool {
        if case .failed = outcome { true } else { false }
    }

    var isSkipped: Bool {
        if case .skipped = outcome { true } else { false }
    }

    var isError: Bool {
        if case .error = outcome { true } else { false }
    }

    /// The element with its contents.
    var xml: String {
        let start = "    <testcase name=\"\(XMLText.escape(name))\" classname=\"\(XMLText.escape(group))\""
        let text = lines.map(XMLText.escape).joined(separator: "\n")
        return switch outcome {
        case .passed: "\(start)/>\n"
        case .skipped(let why): "\(start)>\n      <skipped message=\"\(XMLText.escape(why))\"/>\n    </testcase>\n"
        case .error: "\(start)>\n      <error type=\"unreadable\" message=\"\(text)\"/>\n    </testcase>\n"
        case .remarked: "\(start)>\n      <system-out>\(text)</system-out>\n    </testcase>\n"
        case .failed(let severity, let message):
            "\(start)>\n      <failure type=\"\(severity.rawValue)\" message=\"\(XMLText.escape(message))\">"
                + "\(text)</failure>\n    </testcase>\n"
        }
    }
}
