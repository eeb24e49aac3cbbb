import TapFilters
import TapTestSupport
import Testing

/// Filters that nobody would type.
@Suite("Random filters")
struct RandomFilterTests {
    private static let words =
        FilterField.allCases.map(\.rawValue) + FilterFunction.allCases.map(\.rawValue) + [
            "==", "!=", "<", "<=", ">", ">=", "eq", "contains", "matches", "~", "in", "and", "or", "not", "&&", "||",
            "!",
            "(", ")", "{", "}", ",", "..", "1", "0x1f", "-1.5", "true", "text", "client", "10.0.0.0/8", "::1", "37:fa",
            "'a'", "\"\\x00\\\\\"", "r\"\\d+\"", "'", "\"", "\\", "=", "\u{202E}", "\0", "ü",
        ]

    @Test("no sequence of words stops the parser, and what it understands it can write", arguments: 0..<20)
    func words(seed: Int) throws {
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<300 {
            let count = Int.random(in: 0...12, using: &generator)
            let words = (0..<count).compactMap { _ in RandomFilterTests.words.randomElement(using: &generator) }
            let separator = generator.oneIn(4) ? "" : " "
            try checkWriting(of: words.joined(separator: separator))
        }
    }

    @Test("no bytes stop the parser", arguments: 0..<20)
    func bytes(seed: Int) throws {
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<200 {
            let length = generator.length(upTo: 60)
            try checkWriting(of: String(decoding: generator.bytes(length), as: UTF8.self))
        }
    }

    @Test("a filter that is written from its tree has the same tree", arguments: 0..<20)
    func trees(seed: Int) throws {
        var filters = RandomFilter(seed: seed)
        for _ in 0..<100 {
            let filter = filters.next()
            #expect(try checkWriting(of: filter), "\(filter)")
        }
    }

    /// Answers whether the filter makes sense.
    @discardableResult
    private func checkWriting(of filter: String) throws -> Bool {
        let expression: FilterExpression
        do {
            expression = try FilterExpression(filter)
        } catch {
            #expect(error.range.lowerBound >= 0 && error.range.upperBound <= max(1, filter.utf8.count))
            return false
        }
        #expect(try FilterExpression(expression.description) == expression, "\(filter)")
        return true
    }
}
