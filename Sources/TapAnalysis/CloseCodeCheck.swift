import TapWebSocket

/// Judges what the first close frame says. RFC 6455 §7.4.
enum CloseCodeCheck {
    /// - Parameter close: how the connection ended, as far as that is known.
    static func violation(_ first: ClosingLog.Close, _ close: ConnectionClose) -> Violation? {
        guard let code = close.body?.code, let severity = severity(of: code) else { return nil }
        let evidence = [Evidence("code", .number(UInt64(code.rawValue)))]
        let words =
            code.rawValue < 4000
            ? "\(code.rawValue) (\(code.name))" : "\(code.rawValue), a code of the application's own"
        let peer = first.sender.peer
        // What is missing of the other side may have been the first close frame.
        guard close.closers.contains(Sides(peer)) || close.whole.contains(peer) else { return nil }
        return Violation(
            .closeAbnormal, as: severity, by: first.sender, "the \(first.sender.rawValue) closed with \(words)",
            evidence)
    }

    /// Codes that must not be sent have a finding of their own.
    private static func severity(of code: CloseCode) -> Severity? {
        switch code.rawValue {
        case 1002, 1003, 1007...1014: .warning
        case 3000...4999: .note
        default: nil
        }
    }
}
