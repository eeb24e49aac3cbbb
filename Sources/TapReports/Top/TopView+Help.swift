extension TopView {
    /// What the keys do, and what the words mean.
    func help(_ style: TableStyle, height: Int) -> [[UInt8]] {
        let keys: [(String, String)] = [
            ("↑ ↓ j k", "move the cursor; PgUp PgDn Home End by pages"),
            ("Enter →", "open the connection as it goes, or the group"),
            ("Esc ←", "back; in the list, no group and no filter"),
            ("/", "only rows with these words; !word: without it"),
            ("g", "group by path, by host, not at all"),
            ("p", "pause what is shown; the capture goes on"),
            ("w", "write the packets so far, as far as they are kept (--max-kept)"),
            (
                TopOrder.Column.allCases.map { String($0.rawValue) }.joined(separator: " "),
                "sort by " + TopOrder.Column.allCases.map(\.name).joined(separator: ", ")
                    + "; again: the other way round"
            ),
            ("Ctrl-Z", "stop for a while; fg goes on"),
            ("q", "quit, with the totals"),
        ]
        let words: [(String, String)] = [
            ("open", "✗: its handshake was wrong; ~: not seen whole"),
            ("slow", "an answer, a pong or the handshake took longer than --slow just now"),
            ("1006 server", "ended: the code that applications see, and who ended it"),
            ("503", "refused with this status"),
            ("RTT", "the latest ping, before the first that of TCP's handshake"),
        ]
        var lines = [line(style) { $0.write("Keys", .strong) }]
        lines += keys.flatMap { entry($0, style) }
        lines += [[], line(style) { $0.write("Words", .strong) }]
        lines += words.flatMap { entry($0, style) }
        let room = max(1, height - 2)
        if lines.count > room { lines.removeAll { $0.isEmpty } }
        return Array(lines.prefix(room)) + Array(repeating: [], count: max(0, room - lines.count))
    }

    private func entry(_ entry: (name: String, meaning: String), _ style: TableStyle) -> [[UInt8]] {
        var output: [UInt8] = []
        TerminalWriter.append(to: &output, style) { writer in
            writer.skip(2)
            writer.write(entry.name, .strong)
            writer.pad(to: 20)
            writer.flow([Piece(entry.meaning)], separator: Piece("")) { $0.skip(20) }
            writer.endLine()
        }
        output.removeLast()
        return output.split(separator: UInt8(ascii: "\n")).map(Array.init)
    }
}
