/// Texts with a gap for words, the longest first, of which the first that fits is taken.
struct MessageForm {
    private let templates: [(head: String, tail: String)]

    /// - Parameter short: what is left to say where no template fits.
    init(_ templates: (head: String, tail: String)..., short: String? = nil) {
        self.templates = templates + (short.map { [($0, "")] } ?? [])
    }

    /// A message of `length` bytes, or the shortest of them if that is longer.
    func message(length: Int, in wire: inout Wire) -> [UInt8] {
        let fitting = templates.first { $0.head.utf8.count + $0.tail.utf8.count <= length }
        guard let (head, tail) = fitting ?? templates.last else { return [] }
        var message = Array(head.utf8)
        if !tail.isEmpty {
            let gap = max(0, length - message.count - tail.utf8.count)
            wire.corpus.appendWords(length: gap, to: &message, random: &wire.random)
        }
        message += Array(tail.utf8)
        return message
    }
}
