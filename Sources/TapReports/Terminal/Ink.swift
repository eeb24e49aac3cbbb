/// What a colour means. Without colours nothing is lost: marks and words say the same.
enum Ink {
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
    /// mean errors and warnings.
    private static let connectionColors = [33, 71, 135, 37, 97, 35, 68, 134, 30, 63, 72, 140]

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
