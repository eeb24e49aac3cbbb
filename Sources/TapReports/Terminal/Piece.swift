/// A piece of text that is never broken over two lines.
struct Piece {
    let text: String
    let ink: Ink

    init(_ text: String, _ ink: Ink = .plain) {
        self.text = text
        self.ink = ink
    }
}
