import TapCore
import TapSubprotocols

/// Points in time and durations as text.
package enum TimeText {
    /// `2026-11-20T10:00:00.000123000Z`: RFC 3339 in UTC, always with nine decimals.
    static func appendRFC3339(_ time: Timestamp, to output: inout ByteCursor) {
        let civil = CivilTime(time)
        appendDate(civil, to: &output)
        output.append("T")
        appendClock(civil, to: &output)
        output.append(nineDigits: UInt64(civil.nanosecond))
        output.append("Z")
    }

    /// The length of a time of RFC 3339.
    package static let lengthRFC3339 = 30

    package static func rfc3339(_ time: Timestamp) -> String { text { appendRFC3339(time, to: &$0) } }

    /// `2026-11-20T10:00:00.000123Z`: RFC 3339 with six decimals, for readers that know no finer ones.
    /// - Parameter zone: what says that it is UTC; at most five bytes.
    static func microseconds(_ time: Timestamp, zone: StaticString = "Z") -> String {
        let civil = CivilTime(time)
        return text { output in
            appendDate(civil, to: &output)
            output.append("T")
            appendClock(civil, to: &output)
            output.append(UInt64(civil.nanosecond / 1_000), width: 6)
            output.append(zone)
        }
    }

    /// Seconds, exactly and without needless zeros: `12.5`. At most 21 bytes.
    static func appendSeconds(_ nanoseconds: Int64, to output: inout ByteCursor) {
        if nanoseconds < 0 { output.append("-") }
        let (seconds, fraction) = nanoseconds.magnitude.quotientAndRemainder(dividingBy: 1_000_000_000)
        output.append(decimal: seconds)
        guard fraction > 0 else { return }
        output.append(".")
        var digits = fraction
        var width = 9
        while digits % 10 == 0 {
            digits /= 10
            width -= 1
        }
        output.append(digits, width: width)
    }

    /// `0.001234`: seconds with six decimals, cut rather than rounded.
    static func seconds(_ nanoseconds: Int64) -> String {
        text { output in
            if nanoseconds < 0 { output.append("-") }
            let microseconds = nanoseconds.magnitude / 1_000
            output.append(decimal: microseconds / 1_000_000)
            output.append(".")
            output.append(microseconds % 1_000_000, width: 6)
        }
    }

    /// `10:00:00.001234`: the time of day in UTC.
    static func clock(_ time: Timestamp) -> String {
        let civil = CivilTime(time)
        return text { output in
            appendClock(civil, to: &output)
            output.append(UInt64(civil.nanosecond / 1_000), width: 6)
        }
    }

    /// `+01:00`: how far clocks are ahead of UTC.
    static func zone(seconds: Int) -> String {
        let minutes = seconds.magnitude / 60
        let two = { (number: UInt) in number < 10 ? "0\(number)" : "\(number)" }
        return "\(seconds < 0 ? "-" : "+")\(two(minutes / 60)):\(two(minutes % 60))"
    }

    /// `2026-11-20`: the day in UTC.
    static func date(_ time: Timestamp) -> String { text { appendDate(CivilTime(time), to: &$0) } }

    /// A duration in the unit that suits it, rounded to three significant digits: `5.88 ms`.
    static func duration(_ nanoseconds: Int64) -> String { Seconds.text(nanoseconds) }

    /// At most 32 bytes.
    private static func text(_ body: (inout ByteCursor) -> Void) -> String {
        ByteCursor.text(32, body)
    }

    private static func appendDate(_ civil: CivilTime, to output: inout ByteCursor) {
        output.append(UInt64(civil.year), width: 4)
        output.append("-")
        output.append(UInt64(civil.month), width: 2)
        output.append("-")
        output.append(UInt64(civil.day), width: 2)
    }

    /// Up to the decimal point.
    private static func appendClock(_ civil: CivilTime, to output: inout ByteCursor) {
        output.append(UInt64(civil.hour), width: 2)
        output.append(":")
        output.append(UInt64(civil.minute), width: 2)
        output.append(":")
        output.append(UInt64(civil.second), width: 2)
        output.append(".")
    }
}
