/// Which rows `wstap top` shows: those that contain each of some words, in any case; with `!` before it one that they do not contain.
struct TopFilter: Equatable, Sendable {
    let text: String
    private let wanted: [String]
    private let unwanted: [String]

    init(_ text: String = "") {
        self.text = text
        let words = text.lowercased().split(separator: " ").map(String.init)
        wanted = words.filter { !$0.hasPrefix("!") }
        unwanted = words.filter { $0.hasPrefix("!") && $0.count > 1 }.map { String($0.dropFirst()) }
    }

    var isEmpty: Bool { wanted.isEmpty && unwanted.isEmpty }

    func accepts(_ row: TopRow) -> Bool {
        guard !isEmpty else { return true }
        let text = "\(row.label) \(row.state.text) \(row.client) \(row.name)".lowercased()
        return wanted.allSatisfy { text.contains($0) } && !unwanted.contains { text.contains($0) }
    }
}
