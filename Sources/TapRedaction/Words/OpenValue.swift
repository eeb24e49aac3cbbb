/// Values that are no secrets, whatever their name.
enum OpenValue {
    /// Whether a value says nothing: empty, or one of the words that stand for no value or a choice.
    static func isTrivial(_ value: ArraySlice<UInt8>) -> Bool {
        value.count < 10 && words.contains(String(decoding: value, as: UTF8.self).lowercased())
    }

    /// Whether a value is a number.
    static func isNumber(_ value: ArraySlice<UInt8>) -> Bool {
        !value.isEmpty
            && value.allSatisfy { NameWords.isDigit($0) || $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "-") }
    }

    private static let words: Set<String> = ["", "true", "false", "null", "none", "nil", "undefined"]
}
