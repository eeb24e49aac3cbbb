import TapFilters
import TapTestSupport

/// Makes filters that make sense.
struct RandomFilter {
    private var generator: SeededGenerator

    init(seed: Int) { generator = SeededGenerator(seed: seed) }

    mutating func next() -> String { expression(depth: 0) }

    private mutating func expression(depth: Int) -> String {
        guard depth < 5, !generator.oneIn(3) else { return test() }
        switch Int.random(in: 0..<4, using: &generator) {
        case 0: return (generator.oneIn(2) ? "not " : "!") + "(\(expression(depth: depth + 1)))"
        case 1: return "(\(expression(depth: depth + 1)))"
        case 2: return joined(["and", "&&"], depth)
        default: return joined(["or", "||"], depth)
        }
    }

    private mutating func joined(_ operators: [String], _ depth: Int) -> String {
        var text = expression(depth: depth + 1)
        for _ in 0...generator.length(upTo: 3) {
            text += " \(pick(operators)) \(expression(depth: depth + 1))"
        }
        return text
    }

    private mutating func test() -> String {
        let field = FilterField.allCases.randomElement(using: &generator) ?? .type
        let name = field.rawValue
        switch field.type {
        case .text:
            return pick([
                name, "\(name) == \(quoted())", "\(name) contains \(quoted())", "lower(\(name)) != \(quoted())",
                "\(name) matches 'a.*\\\\d'", "len(\(name)) < \(number())", "\(name) in {\(quoted()), \(quoted())}",
            ])
        case .bytes:
            return pick([name, "\(name) == \(quoted())", "\(name) contains \(quoted())", "\(name) == 00:ff:10"])
        case .number: return pick([name, "\(name) >= \(number())", "\(name) in {\(number()), 3..\(number())}"])
        case .boolean: return pick([name, "\(name) == 0", "\(name) != true"])
        case .seconds: return pick([name, "\(name) < \(number()).\(number())", "\(name) in {-1..2.5}"])
        case .address:
            return pick([name, "\(name) == 10.1.2.3/\(Int.random(in: 0...32, using: &generator))", "\(name) != ::1"])
        case .json:
            return pick([
                "json.a.b", "json[\(quoted())] == \(quoted())", "json.a[3].c < -\(number()).5", "json.ok == true",
                "len(json.text) > \(number())", "json[0] in {1..\(number())}",
            ])
        case .name(let names, let isOrdered):
            let some = pick(names)
            return pick([
                name, "\(name) == \(some)", "\(name) contains \(quoted())", "\(name) \(isOrdered ? "<" : "ne") \(some)",
            ])
        }
    }

    /// Any bytes, as escapes.
    private mutating func quoted() -> String {
        let bytes = generator.bytes(generator.length(upTo: 6))
        return "\"" + bytes.map { "\\x" + String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined() + "\""
    }

    private mutating func number() -> String { "\(Int.random(in: 0...9_999, using: &generator))" }

    private mutating func pick(_ choices: [String]) -> String { choices.randomElement(using: &generator) ?? "" }
}
