import TapCore

/// Times as RFC 3339 in UTC, of which the date and the time of day are kept as text: most times are of the same second as
/// the one before, and to find out the date takes as long as the rest of a small record.
package struct SecondText {
    /// The first nanosecond of the second that is kept.
    private var start = 0 as Int64
    /// `2026-11-20T10:00:00.` as it lies in memory, filled up with what is not looked at.
    private var text: (UInt64, UInt64, UInt64) = (0, 0, 0)
    private var isKept = false

    private static let length = 20

    package init() {}

    /// Appends what ``TimeText/appendRFC3339(_:to:)`` does.
    @inline(__always)
    package mutating func append(_ time: Timestamp, to output: inout ByteCursor) {
        if !isKept || time.nanoseconds < start || distance(to: time) >= 1_000_000_000 { keep(time) }
        output.append(word: text.0)
        output.append(word: text.1)
        output.append(text.2, count: SecondText.length - 16)
        output.append(nineDigits: distance(to: time))
        output.append("Z")
    }

    /// Nanoseconds since the second began.
    @inline(__always)
    private func distance(to time: Timestamp) -> UInt64 { UInt64(bitPattern: time.nanoseconds &- start) }

    private mutating func keep(_ time: Timestamp) {
        var bytes: [UInt8] = []
        ByteCursor.append(TimeText.lengthRFC3339 + ByteCursor.slack, to: &bytes) {
            TimeText.appendRFC3339(time, to: &$0)
        }
        let span = bytes.span.bytes
        text = (span.word(at: 0), span.word(at: 8), span.word(at: 16))
        // The very first second that there is begins before it can be told.
        let (first, overflow) = time.nanoseconds.subtractingReportingOverflow(Int64(CivilTime(time).nanosecond))
        start = first
        isKept = !overflow
    }
}
