import TapWebSocket

/// SIP over WebSocket, RFC 7118: a message each.
struct SIPAnnotator: Annotator {
    let `protocol` = ApplicationProtocol.sip

    static func isSubprotocol(_ name: String) -> Bool { name == "sip" }

    /// A request line or a status line of version 2.0, and a CSeq.
    static func recognizes(_ first: FirstMessage) -> String? {
        guard let head = SIPHead(first.bytes), head["cseq"] != nil, head["call-id"] != nil else { return nil }
        return "a whole head of SIP/2.0"
    }

    mutating func annotate(_ payload: [UInt8], _ log: inout ConversationLog) {
        // A ping and its answer. RFC 5626 §3.5.1, RFC 7118 §6.
        if payload.allSatisfy({ $0 == 0x0D || $0 == 0x0A }), !payload.isEmpty {
            return log.addHeartbeat(.sip, "keep-alive")
        }
        guard let head = SIPHead(payload) else { return log.addMalformed(.sip, "no head of SIP", at: 0) }
        guard let (number, method) = head.sequence else { return log.addMalformed(.sip, "no CSeq", at: 0) }
        var item = ApplicationItem(.sip, head.method ?? head.status ?? "", id: number)
        item.name = head.method == nil ? head.reason : head.target
        item.secrets = head.secrets
        for (field, name) in [("call-id", "call_id"), ("from", "from"), ("to", "to"), ("content-type", "content_type")]
        {
            item.show(name, head[field].map { Excerpt.text($0, upTo: 256) })
        }
        // A transaction is told by the branch of the topmost Via, and the method. RFC 3261 §17.1.3.
        let key = "\(head.branch ?? head["call-id"] ?? "") \(number)"
        if let sent = head.method {
            item.summary = "\(sent) \(Excerpt.text(head.target ?? "")) CSeq \(number)"
            // An ACK has no answer. §17.1.1.3.
            if sent != "ACK" { log.ask(item, .transaction(sent), id: key) }
        } else if let status = head.status {
            let code = Int(status) ?? 0
            item.summary = "\(status) \(Excerpt.text(head.reason ?? "")) to \(method) CSeq \(number)"
            item.show("method", method)
            log.answer(&item, .transaction(method), id: key, isLast: code >= 200)
            // Who is asked for credentials has not failed yet.
            if code >= 400, code != 401, code != 407 { log.mark(&item, failedWith: status, head.reason) }
        }
        log.add(item)
    }
}

/// The head of a message of SIP. RFC 3261 §7.
private struct SIPHead {
    private(set) var method: String?
    private(set) var target: String?
    private(set) var status: String?
    private(set) var reason: String?
    private(set) var secrets: [Range<Int>] = []
    private var fields: [(name: String, value: String)] = []

    private static let version = "SIP/2.0"
    private static let mostFields = 256
    private static let long = [
        "v": "via", "f": "from", "t": "to", "i": "call-id", "m": "contact", "c": "content-type", "l": "content-length",
    ]

    /// The first field of a name.
    subscript(name: String) -> String? { fields.first { $0.name == name }?.value }

    init?(_ payload: [UInt8]) {
        var scanner = ByteScanner(payload)
        guard let line = SIPHead.line(&scanner) else { return nil }
        let words = String(decoding: line, as: UTF8.self).split(
            separator: " ", maxSplits: 2, omittingEmptySubsequences: false)
        guard words.count == 3 else { return nil }
        if words[0] == SIPHead.version {
            guard words[1].utf8.count == 3, let code = Int(words[1]), (100...699).contains(code) else { return nil }
            (status, reason) = (String(words[1]), String(words[2]))
        } else {
            guard words[2] == SIPHead.version, !words[0].isEmpty, words[0].utf8.allSatisfy(SIPHead.isOfToken) else {
                return nil
            }
            (method, target) = (String(words[0]), String(words[1]))
        }
        while let line = SIPHead.line(&scanner) {
            if line.isEmpty { return }
            // What begins with space goes on with the field before it.
            if line.first == 0x20 || line.first == 0x09 { continue }
            guard let colon = line.firstIndex(of: UInt8(ascii: ":")), fields.count < SIPHead.mostFields else {
                return nil
            }
            add(line[..<colon], line[(colon + 1)...])
        }
        // There was no empty line behind the fields.
        return nil
    }

    private mutating func add(_ name: ArraySlice<UInt8>, _ value: ArraySlice<UInt8>) {
        let text = String(decoding: name, as: UTF8.self).lowercased().filter { $0 != " " }
        let trimmed = value.drop { $0 == 0x20 || $0 == 0x09 }
        fields.append((SIPHead.long[text] ?? text, String(decoding: trimmed, as: UTF8.self)))
        if text.hasSuffix("authorization"), !trimmed.isEmpty { secrets.append(trimmed.startIndex..<trimmed.endIndex) }
    }

    /// The number and the method of CSeq.
    var sequence: (number: String, method: String)? {
        let words = self["cseq"]?.split(separator: " ") ?? []
        guard words.count == 2, UInt32(words[0]) != nil else { return nil }
        return (String(words[0]), String(words[1]))
    }

    var branch: String? {
        guard let via = self["via"]?.split(separator: ",").first else { return nil }
        for part in via.split(separator: ";") where part.hasPrefix("branch=") { return String(part.dropFirst(7)) }
        return nil
    }

    private static func line(_ scanner: inout ByteScanner) -> ArraySlice<UInt8>? {
        scanner.take(until: 0x0A).map { $0.last == 0x0D ? $0.dropLast() : $0 }
    }

    private static func isOfToken(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
            || "-.!%*_+`'~0123456789".utf8.contains(byte)
    }
}
