import TapCore
import TapSecurity

/// Key logs: where they are cut changes nothing, and the lines that are written of them are read as the same secrets.
///
/// The input is where to cut, and the log.
enum KeyLogTarget {
    static func run(_ bytes: [UInt8]) {
        var input = FuzzInput(bytes)
        let places = input.places()
        let text = input.rest()
        let whole = read([text])
        Property.hold(
            read(FuzzInput.single(text)).counts == whole.counts, "a log read byte by byte has the same secrets")
        Property.hold(
            read(FuzzInput.pieces(of: text, at: places)).counts == whole.counts,
            "a log cut anywhere has the same secrets")
        Property.hold(whole.counts.secrets <= 64, "the limit of secrets is kept")
        for index in 0..<whole.count {
            if let secret = whole.searchable(index) { whole.use(secret.session) }
        }
        let again = read([whole.usedLines])
        Property.hold(again.counts.malformed == 0, "lines that are written can be read")
        Property.hold(again.usedCount(like: whole), "lines that are written have the same secrets")
    }

    private static func read(_ pieces: [[UInt8]]) -> KeyLog {
        var limits = KeyLog.Limits()
        limits.secrets = 64
        limits.lineLength = 512
        let log = KeyLog(limits: limits)
        var reader = KeyLogReader(.keyLog)
        for piece in pieces { reader.receive(piece.span.bytes, into: log) }
        reader.finish(into: log)
        return log
    }
}

extension KeyLog {
    /// Whether this log has the secrets of the other that belong to sessions, in their order.
    fileprivate func usedCount(like other: KeyLog) -> Bool {
        let own = (0..<count).compactMap { searchable($0)?.label }
        return own == (0..<other.count).compactMap { other.searchable($0)?.label }
    }
}
