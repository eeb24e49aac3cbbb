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

    var cells: Int { TerminalText.cells(beginning) + TerminalText.cells(text) }
}
