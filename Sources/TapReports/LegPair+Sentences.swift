import TapAnalysis

extension LegPair {
    /// What there is to say of it with the handshake that this is about.
    func items(of handshake: Handshake) -> [Piece] {
        let number = handshake.connection
        let back = handshake.isAgreed ? responseChanges?.ofUpgrade : nil
        let (first, second) = leg == .first ? (number, connection) : (connection, number)
        return [Piece(way)]
            + (requestChanges?.items { "\($0) between #\(first) and #\(second)" } ?? [])
            + (back?.items { "\($0) on the way back" } ?? [])
    }

    /// `passed on as #2 after 174 µs`
    private var way: String {
        let time = delay.map { " after \(TimeText.duration($0))" } ?? ""
        return leg == .first ? "passed on as #\(connection)\(time)" : "passed on from #\(connection)\(time)"
    }

    /// What there is to say of it once the connection has ended.
    func closingItems(of number: Int) -> [Piece] {
        var words: [String] = []
        switch evidence {
        case .key where leg == .second: words.append("second leg of #\(connection)")
        case .key: break
        case .payloads:
            let time = delay.map { ", \(TimeText.duration($0)) \(leg == .first ? "before" : "after") it" } ?? ""
            words.append("\(leg.rawValue) leg of #\(connection): the same messages\(time)")
        }
        if let end {
            let other = end.first == number ? connection : number
            let time = end.lead.map { " \(TimeText.duration($0))" } ?? ""
            words.append("#\(end.first) ended\(time) before #\(other)")
        }
        return words.map { Piece($0) }
    }
}

extension HeadChanges {
    /// Fields that WebSocket cannot do without stand apart from the others.
    fileprivate func items(_ place: (String) -> String) -> [Piece] {
        var items: [Piece] = []
        for (names, what) in [(lost, "lost"), (changed, "changed"), (added, "added")] {
            let parts = [
                (names.filter(HeadChanges.isOfUpgrade), Ink.warning),
                (names.filter { !HeadChanges.isOfUpgrade($0) }, .faint),
            ]
            for (names, ink) in parts {
                guard let words = HeadChanges.joined(names) else { continue }
                items.append(Piece(place("\(words) \(names.count == 1 ? "was" : "were") \(what)"), ink))
            }
        }
        return items
    }

    /// `Upgrade and Connection`
    private static func joined(_ names: [String]) -> String? {
        guard let last = names.last else { return nil }
        guard names.count > 1 else { return last }
        guard names.count > mostNamed else { return "\(names.dropLast().joined(separator: ", ")) and \(last)" }
        return "\(names.prefix(mostNamed).joined(separator: ", ")) and \(names.count - mostNamed) more"
    }

    private static let mostNamed = 6
}
