import TapAnalysis

extension LegPair {
    /// What there is to say of it with the handshake.
    /// - Parameter number: that of the connection that this is about.
    func items(of number: Int) -> [Piece] {
        let (first, second) = leg == .first ? (number, connection) : (connection, number)
        return [Piece(way)]
            + (requestChanges?.items { "\($0) between #\(first) and #\(second)" } ?? [])
            + (responseChanges?.items { "\($0) on the way back" } ?? [])
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
            let time = end.lead.map { " by \(TimeText.duration($0))" } ?? ""
            words.append("#\(end.first) ended first\(time)")
        }
        return words.map { Piece($0) }
    }
}

extension HeadChanges {
    fileprivate func items(_ place: (String) -> String) -> [Piece] {
        [(lost, "lost", true), (changed, "changed", true), (added, "added", false)].compactMap { names, what, counts in
            guard let last = names.last else { return nil }
            let isOfUpgrade = counts && names.contains(where: HeadChanges.isOfUpgrade)
            let words = "\(HeadChanges.joined(names, last)) \(names.count == 1 ? "was" : "were") \(what)"
            return Piece(place(words), isOfUpgrade ? .warning : .faint)
        }
    }

    /// `Upgrade and Connection`
    private static func joined(_ names: [String], _ last: String) -> String {
        guard names.count > 1 else { return last }
        guard names.count > mostNamed else { return "\(names.dropLast().joined(separator: ", ")) and \(last)" }
        return "\(names.prefix(mostNamed).joined(separator: ", ")) and \(names.count - mostNamed) more"
    }

    private static let mostNamed = 6

    /// Whether WebSocket cannot do without a field.
    private static func isOfUpgrade(_ name: String) -> Bool {
        let name = name.lowercased()
        return name == "upgrade" || name == "connection" || name.hasPrefix("sec-websocket-")
    }
}
