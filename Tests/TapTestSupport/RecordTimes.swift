/// Looks at the times of records that were written as JSON.
package enum RecordTimes {
    /// What no record may say: ends before beginnings, and durations below zero; in words, empty where all is well.
    package static func faults(in record: [String: Any]) -> [String] {
        var faults = negative(record, in: "", isDuration: false)
        for (first, last) in [("opened", "closed"), ("first_time", "last_time")] {
            guard let early = record[first] as? String, let late = record[last] as? String,
                digits(late) < digits(early)
            else { continue }
            faults.append("\(last) \(late) is before \(first) \(early)")
        }
        return faults
    }

    private static func negative(_ value: Any, in name: String, isDuration: Bool) -> [String] {
        switch value {
        case let object as [String: Any]:
            object.flatMap { key, member in
                negative(member, in: name + "." + key, isDuration: isDuration || key.hasSuffix("seconds"))
            }
        case let list as [Any]: list.flatMap { negative($0, in: name, isDuration: isDuration) }
        case let number as Double: isDuration && number < 0 ? ["\(name) is \(number)"] : []
        default: []
        }
    }

    /// The digits of a time with nine for its fraction, which compare as times do.
    private static func digits(_ time: String) -> String {
        let parts = time.split(separator: ".", maxSplits: 1)
        let fraction = parts.dropFirst().first?.prefix { $0.isNumber } ?? ""
        return (parts.first ?? "").filter(\.isNumber) + fraction
            + String(repeating: "0", count: max(0, 9 - fraction.count))
    }
}
