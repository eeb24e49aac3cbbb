import TapAnalysis
import TapCore
import TapSecurity

/// Connections of TLS that were not read, together where they have the same server and the same reason.
struct UnreadTLSLines {
    private struct Group: Hashable {
        let isQUIC: Bool
        let name: String
        let server: Endpoint
        let reason: String
    }

    private var groups: [Group: (count: Int, example: UnreadTLS)] = [:]
    private var order: [Group] = []
    private var beyond = 0

    /// So many groups are told apart, and so many are shown.
    private static let mostGroups = 10_000
    private static let mostLines = 10

    mutating func note(_ unread: UnreadTLS) {
        let group = Group(
            isQUIC: unread.quic != nil, name: unread.quic == nil ? unread.tls.serverName ?? "" : unread.quicName,
            server: unread.server, reason: unread.why)
        if groups[group] == nil {
            guard order.count < UnreadTLSLines.mostGroups else {
                beyond += 1
                return
            }
            order.append(group)
        }
        groups[group, default: (0, unread)].count += 1
    }

    /// The most frequent first.
    var lines: [String] {
        let known = order.compactMap { group in groups[group].map { (group, $0) } }
        let sorted = known.enumerated().sorted { ($1.element.1.count, $0.offset) < ($0.element.1.count, $1.offset) }
        var lines = sorted.prefix(UnreadTLSLines.mostLines).map { _, entry in
            let (group, (count, example)) = entry
            if group.isQUIC {
                let connections =
                    "\(Decimal.grouped(UInt64(clamping: count))) QUIC connection" + (count == 1 ? "" : "s")
                let name = group.name.isEmpty ? "" : " (\(group.name))"
                let words = "\(connections) to \(group.server)\(name)"
                return "\(TerminalText.escape(words)): \(group.reason)\(example.hint)"
            }
            let server = group.name.isEmpty ? "\(group.server)" : "\(group.name) (\(group.server))"
            let times = count == 1 ? "" : "\(Decimal.grouped(UInt64(clamping: count))) × "
            return "\(times)\(TerminalText.escape(server)): \(group.reason)\(example.hint)"
        }
        let more = max(0, sorted.count - UnreadTLSLines.mostLines) + beyond
        if more > 0 { lines.append("… and \(Decimal.grouped(UInt64(clamping: more))) more") }
        return lines
    }
}

extension TerminalWriter {
    /// Which connections of TLS and QUIC were not read, and why.
    mutating func write(_ unread: UnreadTLSLines) {
        for (index, line) in unread.lines.enumerated() { self.line(index == 0 ? "TLS" : "", [Piece(line, .faint)]) }
    }
}

extension UnreadTLS.Alert {
    fileprivate var words: String { "the \(sender.rawValue) closed TLS with \(description ?? "an encrypted alert")" }
}

extension UnreadTLS {
    /// Why it is not read, in words.
    var why: String {
        guard reason != nil, let alert else { return reasonInWords }
        return "\(reasonInWords), and \(alert.words) before its handshake was over"
    }

    private var reasonInWords: String {
        switch reason {
        case .noKey?: quic == nil ? "no key for it" : "no keys"
        case .wrongKey?: "the key is another one's"
        case .handshakeNotCaptured?:
            quic == nil ? "its TLS handshake was not captured" : "the client's hello was not captured"
        case .bytesMissing?: "bytes are missing"
        case .cipherUnsupported? where quic != nil && tls.cipher == nil:
            "version \(quic?.version ?? "unknown") is not read"
        case .cipherUnsupported?: "cipher \(tls.cipher ?? "unknown") is not read"
        case .encryptedClientHello?: "the log has the secret of its encrypted hello, and none of what was inside"
        case nil:
            alert.map { "\($0.words) before any data" } ?? "no data"
        }
    }

    /// What helps to find its secret in a log.
    fileprivate var hint: String {
        if reason == .handshakeNotCaptured, let search, search.isEndedByLimit {
            let sessions =
                Decimal.grouped(UInt64(clamping: search.sessions)) + (search.sessions == 1 ? " session" : " sessions")
            let record = Decimal.grouped(search.reachedNumber)
            return " (\(sessions) tried up to record \(record); --tls-search goes further)"
        }
        guard reason == .noKey || reason == .wrongKey, let random = tls.clientRandom else { return "" }
        return " (client random \(Hex.string(Array(random.prefix(4))))…)"
    }

    /// The host that the client named, and what it would speak.
    fileprivate var quicName: String {
        [tls.serverName, tls.applicationProtocol ?? quic?.offeredProtocols.first].compactMap(\.self)
            .joined(separator: ", ")
    }

    /// A sentence about it alone.
    var sentence: String {
        "\(quic == nil ? "TLS" : "QUIC") to \(tls.serverName ?? "\(server)") is not read: \(why)"
    }
}
