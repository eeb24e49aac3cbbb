/// A word or a sign of a filter.
struct FilterToken: Equatable {
    enum Kind: Equatable {
        /// A field, an operator's name, or a value that needs no quotes.
        case word(String)
        /// What stands in quotes, its escapes resolved; it need not be UTF-8.
        case quoted([UInt8])
        case sign(Sign)
        /// The filter is over.
        case end
    }

    enum Sign: String, CaseIterable {
        case equal = "=="
        case notEqual = "!="
        case lessOrEqual = "<="
        case greaterOrEqual = ">="
        case and = "&&"
        case or = "||"
        case range = ".."
        case less = "<"
        case greater = ">"
        case not = "!"
        case matches = "~"
        case opening = "("
        case closing = ")"
        case openingBrace = "{"
        case closingBrace = "}"
        case openingBracket = "["
        case closingBracket = "]"
        case comma = ","
    }

    let kind: Kind
    /// Where it stands, in UTF-8 code units.
    let range: Range<Int>

    func isWord(_ word: String) -> Bool { kind == .word(word) }
    func isSign(_ sign: Sign) -> Bool { kind == .sign(sign) }
}
