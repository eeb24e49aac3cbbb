import ArgumentParser

/// Numbers of connections, as users type them: `3`, `1,4`, `2-5`.
enum ConnectionList {
    static func parse(_ text: String) throws -> [ClosedRange<Int>] {
        let ranges = text.split(separator: ",", omittingEmptySubsequences: false).map(range)
        let known = ranges.compactMap { $0 }
        guard known.count == ranges.count else {
            throw ValidationError("connections are numbers from 1, as in 3, or 1,4-6")
        }
        return known
    }

    private static func range(_ text: Substring) -> ClosedRange<Int>? {
        let ends = text.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false).map(number)
        guard let first = ends.first, let first, let last = ends.last, let last, first <= last else { return nil }
        return first...last
    }

    private static func number(_ text: Substring) -> Int? {
        guard text.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = Int(text), number > 0 else {
            return nil
        }
        return number
    }
}
