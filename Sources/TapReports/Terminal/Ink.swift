/// What a colour means. Without colours nothing is lost: marks and words say the same.
package enum Ink {
    case plain
    case faint
    case strong
    case good
    case error
    case warning
    case note
    /// The name of a JSON member.
    case name
    /// A JSON value that is no text.
    case value
    /// What was searched for.
    case match
    /// The colour that belongs to a connection's number.
    case connection(Int)

    /// Hues of medium brightness, readable on dark and on light; neighbours are far apart, and none is near red and yellow, which
    /// mean errors and warnings. Each has a contrast of 3.4 or more (WCAG 2.1 asks for 3 at least)
    /// on white and on black.
    package static let connectionColors = [33, 65, 135, 30, 103, 29, 68, 134, 31, 63, 66, 99]

    /// The parameters of the SGR sequence (ECMA-48 §8.3.117), or `nil` if absent.
    var parameters: String? {
        switch self {
        case .plain: nil
        case .faint: "2"
        case .strong: "1"
        case .good: "32"
        case .error: "1;31"
        case .warning: "33"
        case .note: "36"
        case .name: "38;5;67"
        case .value: "38;5;136"
        case .match: "7"
        case .connection(let number):
            "38;5;\(Ink.connectionColors[number % Ink.connectionColors.count])"
        }
    }
}
