import TapCore

/// What is said of several in the same words, but for how long something took.
struct AlikeGroups<Member> {
    struct Group {
        var members: [Member]
        /// Whether the durations are the same, too.
        var isExact = true
        fileprivate let text: String

        var first: Member { members[0] }
    }

    /// In the order of their first members.
    private(set) var all: [Group] = []

    /// - Parameter words: what is said of one.
    init(_ members: [Member], saying words: (Member) -> String) {
        var places: [String: Int] = [:]
        for member in members {
            let text = words(member)
            let key = AlikeGroups.withoutDurations(text)
            if let place = places[key] {
                all[place].members.append(member)
                all[place].isExact = all[place].isExact && all[place].text == text
            } else {
                places[key] = all.count
                all.append(Group(members: [member], text: text))
            }
        }
    }

    /// The words with the same sign for each duration, whatever its unit: `after 4.78 s`.
    private static func withoutDurations(_ text: String) -> String {
        let words = text.split(separator: " ", omittingEmptySubsequences: false)
        var kept: [Substring] = []
        for word in words {
            let isUnit = ["ns", "µs", "ms", "s"].contains(word.prefix { $0.isLetter })
            if isUnit, let number = kept.last, !number.isEmpty, number.allSatisfy({ $0.isNumber || $0 == "." }) {
                kept[kept.count - 1] = "*"
            } else {
                kept.append(word)
            }
        }
        return kept.joined(separator: " ")
    }
}

extension TerminalWriter {
    /// Connections that are named one by one in front of what is said of them.
    private static let rangesNamed = 12

    /// Writes `#4–#7, #14`, on a line of its own where that takes more than the column has.
    /// - Parameter least: the column where the words begin.
    /// - Returns: the column where they do.
    mutating func write(connections: [Int], least: Int) -> Int {
        var ranges: [ClosedRange<Int>] = []
        for number in connections.sorted() {
            if let last = ranges.last, number <= last.upperBound + 1 {
                ranges[ranges.count - 1] = last.lowerBound...max(number, last.upperBound)
            } else {
                ranges.append(number...number)
            }
        }
        for (index, range) in ranges.prefix(TerminalWriter.rangesNamed).enumerated() {
            if index > 0 { write(", ", .faint) }
            write("#\(range.lowerBound)", .connection(range.lowerBound))
            guard range.count > 1 else { continue }
            write(range.count > 2 ? "–" : ", ", .faint)
            write("#\(range.upperBound)", .connection(range.upperBound))
        }
        if ranges.count > TerminalWriter.rangesNamed { write(" … (\(connections.count) in all)", .faint) }
        if column >= least {
            endLine()
            skip(least)
        } else {
            pad(to: least)
        }
        return least
    }
}
