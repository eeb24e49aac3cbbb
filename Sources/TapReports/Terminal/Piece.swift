/// A piece of text that is broken over two lines only where it has no room in one.
struct Piece {
    /// What stands before it, faint.
    let beginning: String
    let text: String
    let ink: Ink

    init(_ text: String, _ ink: Ink = .plain, after beginning: String = "") {
        self.beginning = beginning
        self.text = text
        self.ink = ink
    }

    /// The words of a sentence. A number and its unit stay together.
    static func words(of sentence: String, _ ink: Ink = .plain) -> [Piece] {
        var words: [String] = []
        for word in sentence.split(separator: " ") {
            let isUnit = units.contains(String(word.prefix { $0.isLetter }))
            if isUnit, let last = words.last, last.allSatisfy({ $0.isNumber || $0 == "." || $0 == "," }) {
                words[words.count - 1] = "\(last) \(word)"
            } else {
                words.append(String(word))
            }
        }
        return words.map { Piece($0, ink) }
    }

    private static let units: Set<String> = ["ns", "µs", "ms", "s", "min", "h", "d", "B", "bytes"]

    var cells: Int { TerminalText.cells(beginning) + TerminalText.cells(text) }
}
