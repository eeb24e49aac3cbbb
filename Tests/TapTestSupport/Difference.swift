/// Where two texts differ first, so that a failing comparison of long ones prints one line of each.
package enum Difference {
    /// Long lines are cut around the place where they differ.
    private static let context = 120

    /// `nil` if they are the same, else the number of the first line that differs and what both have there.
    package static func first(expected: String, found: String) -> String? {
        let expected = lines(expected)
        let found = lines(found)
        for number in 0..<max(expected.count, found.count) {
            let (wanted, made) = (line(number, of: expected), line(number, of: found))
            guard wanted != made else { continue }
            let start = max(0, zip(wanted, made).prefix { $0 == $1 }.count - context / 2)
            return "line \(number + 1)\n  expected: \(excerpt(wanted, start))\n  found:    \(excerpt(made, start))"
        }
        return nil
    }

    private static func lines(_ text: String) -> [Substring] {
        // By Unicode scalars: "\r\n" is one character, and no line break to `split`.
        text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false).map { Substring($0) }
    }

    /// A line in quotation marks, so that "no such line" is another than an empty one.
    private static func line(_ number: Int, of lines: [Substring]) -> String {
        number < lines.count ? "“\(lines[number])”" : "no such line"
    }

    private static func excerpt(_ line: String, _ start: Int) -> String {
        let part = line.dropFirst(start).prefix(context)
        return (start > 0 ? "…" : "") + part + (part.endIndex < line.endIndex ? "…" : "")
    }
}
