import TapAnalysis
import TapCore
import TapTransport
import TapWebSocket

extension TerminalWriter {
    private static let labelWidth = 12
    /// What a meaning takes at least, where it stands beside its name.
    private static let meaningWidth = 24

    /// Totals, a topic a line.
    mutating func write(_ summary: Summary, dropped: UInt64) {
        line("packets", summary.packetItems)
        line("connections", summary.connectionItems)
        if summary.frames > 0 {
            let messages = Decimal.counted(summary.messages, "message")
            line("frames", [Piece("\(Decimal.grouped(summary.frames)) in \(messages)")])
        }
        if summary.http2.connections > 0 { line("HTTP/2", summary.http2.items) }
        if summary.http3.connections > 0 { line("HTTP/3", summary.http3.items) }
        if !summary.quic.otherProtocols.isEmpty { line("QUIC", summary.quic.protocolItems) }
        if summary.shown != nil { line("shown", summary.shownItems()) }
        writeFindings(summary)
        if let pattern = summary.cuts.pattern { line("pattern", [Piece("! \(pattern.sentence)", .warning)]) }
        let unread = summary.unreadItems.filter { $0.kind != .notTCP }
        if !unread.isEmpty { line("unread", unread.map { Piece("! \($0.words)", .warning) }) }
        let others = OtherPacket.allCases.filter { $0 != .otherLink }.compactMap { kind -> Piece? in
            let count = summary.otherPackets[kind]
            return count > 0 ? Piece("\(Decimal.grouped(count)) \(kind.rawValue)") : nil
        }
        if !others.isEmpty { line("not TCP", others) }
        if summary.incompletePackets > 0 {
            let packets = Decimal.counted(UInt64(clamping: summary.incompletePackets), "IP packet")
            line("fragments", [Piece("! \(packets) of which fragments are missing", .warning)])
        }
        if summary.flowsGivenUp > 0 {
            let flows = Decimal.counted(UInt64(clamping: summary.flowsGivenUp), "TCP connection")
            line("limits", [Piece("! \(flows) given up because a limit was reached", .warning)])
        }
        if summary.pairsGivenUp > 0 {
            let connections = Decimal.counted(UInt64(clamping: summary.pairsGivenUp), "connection")
            line("limits", [Piece("! \(connections) not compared with others because a limit was reached", .warning)])
        }
        if dropped > 0 {
            line("dropped", [Piece("! \(Decimal.counted(dropped, "packet")) lost by the capture", .warning)])
        }
    }

    private mutating func writeFindings(_ summary: Summary) {
        let sorted = summary.findings.sorted { left, right in
            let (one, other) = (summary.severity(of: left.key), summary.severity(of: right.key))
            return one == other ? left.key.rawValue < right.key.rawValue : one > other
        }
        let numbers = sorted.map { Decimal.grouped(UInt64(clamping: $0.value)) }
        let numberWidth = numbers.map(\.utf8.count).max() ?? 0
        let nameWidth = sorted.map(\.key.rawValue.utf8.count).max() ?? 0
        let nameColumn = TerminalWriter.labelWidth + 2 + numberWidth + 1
        for (index, (id, _)) in sorted.enumerated() {
            let mark = summary.severity(of: id).mark
            write(index == 0 ? "findings" : "", .faint)
            pad(to: TerminalWriter.labelWidth)
            write(mark.sign, mark.ink)
            pad(to: nameColumn - 1 - numbers[index].utf8.count)
            write(numbers[index])
            pad(to: nameColumn)
            write(id.rawValue, mark.ink)
            let meaningColumn = nameColumn + nameWidth + 2
            let isBeside = meaningColumn + TerminalWriter.meaningWidth <= column + room
            if isBeside {
                pad(to: meaningColumn)
            } else {
                endLine()
                pad(to: nameColumn)
            }
            let words = id.meaning.split(separator: " ").map { Piece(String($0), .faint) }
            flow(words, separator: Piece(" ")) { writer in writer.pad(to: isBeside ? meaningColumn : nameColumn) }
            endLine()
        }
    }

    /// Totals of one topic, behind its name.
    mutating func line(_ label: String, _ items: [Piece]) {
        write(label, .faint)
        pad(to: TerminalWriter.labelWidth)
        flow(items: items) { writer in writer.pad(to: TerminalWriter.labelWidth) }
        endLine()
    }
}

extension TLSTotals {
    /// What connections of QUIC spoke that were no HTTP/3.
    fileprivate var protocolItems: [Piece] {
        otherProtocols.sorted { $0.key < $1.key }.map { name, number in
            let connections = Decimal.counted(UInt64(clamping: number), "connection")
            return Piece("\(connections) without HTTP/3" + (name == "other" ? "" : " (\(name))"))
        }
    }
}

extension HTTP2Totals {
    /// What was carried beside WebSocket.
    fileprivate var items: [Piece] {
        var others: [String] = []
        func note(_ count: UInt64, _ what: String) { if count > 0 { others.append(Decimal.counted(count, what)) } }
        note(requests - gRPCRequests, "other request")
        note(gRPCRequests, "gRPC request")
        note(connects, "CONNECT")
        note(otherProtocols, "stream of another protocol")
        note(pushes, "push")
        return [
            Piece(Decimal.counted(UInt64(clamping: connections), "connection")),
            Piece(Decimal.counted(tunnels, "WebSocket")),
        ] + others.map { Piece($0) }
    }
}

extension Summary {
    fileprivate var packetItems: [Piece] {
        var items = [Piece(Decimal.grouped(packets)), Piece("\(Decimal.grouped(bytes)) B")]
        if let firstTime, let lastTime {
            items.append(Piece(TimeText.duration(lastTime.since(firstTime))))
            items.append(Piece("from \(TimeText.date(firstTime)) \(TimeText.clock(firstTime)) UTC"))
        }
        return items
    }

    fileprivate var connectionItems: [Piece] {
        var items = [Piece("\(Decimal.grouped(UInt64(clamping: connections))) WebSocket (\(flows) TCP in all)")]
        if secondLegs > 0 {
            let legs = secondLegs == 1 ? "1 connection is a second leg" : "\(secondLegs) connections are second legs"
            items.append(
                Piece(
                    "\(Decimal.counted(UInt64(clamping: exchanges), "exchange")): \(legs) of a proxy"
                ))
        }
        if copies > 0 { items.append(Piece(copies == 1 ? "1 of them a copy" : "\(copies) of them copies")) }
        for verdict in Verdict.allCases {
            guard let number = handshakes[verdict], number > 0 else { continue }
            items.append(Piece("\(verdict.mark.sign) \(number) \(verdict.rawValue)", verdict.mark.ink))
        }
        return items
    }
}
