/// Numbers for people.
package enum Decimal {
    /// Digits in groups of three: `98,304`.
    package static func grouped(_ value: UInt64) -> String {
        guard value >= 1_000 else { return String(value) }
        let digits = Array(String(value))
        var text = ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index) % 3 == 0 { text.append(",") }
            text.append(digit)
        }
        return text
    }

    /// `1 message`, `2 messages`.
    package static func counted(_ number: UInt64, _ noun: String) -> String {
        "\(grouped(number)) \(noun)\(number == 1 ? "" : "s")"
    }
}
