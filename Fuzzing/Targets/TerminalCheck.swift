import TapTestSupport

/// What text may do to a terminal.
enum TerminalCheck {
    /// The first thing in `output` that is not text or a line end; `nil` if absent.
    static func harm(in output: [UInt8]) -> String? {
        guard let text = String(validating: output, as: UTF8.self) else { return "not UTF-8" }
        let scalars = Array(text.unicodeScalars)
        for (index, scalar) in scalars.enumerated() where scalar != "\n" && !scalars.hasJoiner(at: index) {
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator: return "U+\(String(scalar.value, radix: 16))"
            default: break
            }
        }
        return nil
    }
}
