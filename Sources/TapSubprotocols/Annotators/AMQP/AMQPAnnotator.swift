import TapWebSocket

/// AMQP 1.0 over WebSocket (OASIS amqp-wsb-v1.0): headers of the protocol, and frames, which need not begin with messages.
struct AMQPAnnotator: Annotator {
    let `protocol` = ApplicationProtocol.amqp
    private var client = Side()
    private var server = Side()
    /// Whether somebody has opened the connection, which is after all passwords.
    private var isOpen = false
    /// The names of links by sender, channel and handle.
    private var links: [Link: String] = [:]

    private struct Side: Sendable {
        var pending: [UInt8] = []
        /// Bytes of a frame that is too long, which are still to come.
        var toSkip = 0
        /// The next message may go on with a frame whose beginning is missing.
        var isUnsure = false
    }

    private struct Link: Hashable {
        let sender: Sender
        let channel: UInt16
        let handle: Int64
    }

    /// Frames that are longer are not read.
    static let longestFrame = 1 << 20
    private static let mostLinks = 1_024
    private static let mostSettled: Int64 = 1_024
    private static let kinds: [Int: String] = [
        0x10: "open", 0x11: "begin", 0x12: "attach", 0x13: "flow", 0x14: "transfer", 0x15: "disposition",
        0x16: "detach",
        0x17: "end", 0x18: "close", 0x40: "sasl-mechanisms", 0x41: "sasl-init", 0x42: "sasl-challenge",
        0x43: "sasl-response",
        0x44: "sasl-outcome",
    ]

    static func isSubprotocol(_ name: String) -> Bool { name == "amqp" }

    /// `AMQP`, and version 1.0.
    static func recognizes(_ first: FirstMessage) -> String? {
        guard !first.isText, first.sender == .client, first.bytes.count >= 8, isHeader(first.bytes[..<8]) else {
            return nil
        }
        return "a header of AMQP 1.0"
    }

    private static func isHeader(_ bytes: ArraySlice<UInt8>) -> Bool {
        bytes.count == 8 && bytes.starts(with: "AMQP".utf8) && bytes.dropFirst(5).elementsEqual([1, 0, 0])
            && [0, 2, 3].contains(bytes[bytes.startIndex + 4])
    }

    mutating func lose(_ sender: Sender) {
        let side = Side(isUnsure: true)
        if sender == .client { client = side } else { server = side }
        links = [:]
    }

    mutating func annotate(_ payload: [UInt8], _ log: inout ConversationLog) {
        let sender = log.message.sender
        var side = sender == .client ? client : server
        let skipped = min(side.toSkip, payload.count)
        side.toSkip -= skipped
        let earlier = side.pending.count - skipped
        let bytes = side.pending + payload.dropFirst(skipped)
        side.pending = []
        if side.isUnsure, !bytes.isEmpty {
            if AMQPAnnotator.isBeginning(bytes) {
                side.isUnsure = false
                read(bytes[...], earlier, payload.count, &side, &log)
            } else if sender == .client, !isOpen {
                log.addRest(.amqp, 0..<payload.count)
            }
        } else {
            read(bytes[...], earlier, payload.count, &side, &log)
        }
        if sender == .client { client = side } else { server = side }
    }

    private mutating func read(
        _ bytes: ArraySlice<UInt8>, _ earlier: Int, _ length: Int, _ side: inout Side, _ log: inout ConversationLog
    ) {
        var rest = bytes
        while rest.count >= 8 {
            let end: Int
            if AMQPAnnotator.isHeader(rest.prefix(8)) {
                header(rest[rest.startIndex + 4], &log)
                end = rest.startIndex + 8
            } else {
                var scanner = ByteScanner(rest)
                guard let size = scanner.number(UInt32.self).map({ Int($0) }), size >= 8,
                    size <= AMQPAnnotator.longestFrame || AMQPAnnotator.isHeaderOfFrame(rest)
                else {
                    return log.addMalformed(.amqp, "no frame of AMQP", at: max(0, rest.startIndex - earlier))
                }
                guard size <= AMQPAnnotator.longestFrame else {
                    side.toSkip = max(0, size - rest.count)
                    log.leaveOut()
                    rest = rest.dropFirst(size)
                    continue
                }
                guard rest.count >= size else { break }
                end = rest.startIndex + size
                frame(rest[..<end], earlier, length, &log)
            }
            rest = rest[end...]
        }
        side.pending = Array(rest)
        if rest.count > 5, side.pending[5] == 1, !rest.starts(with: "AMQP".utf8) { addPart(rest.count, length, &log) }
    }

    /// Whether bytes begin with a header, or with a frame that holds a performative or nothing.
    private static func isBeginning(_ bytes: [UInt8]) -> Bool {
        if isHeader(bytes.prefix(8)) { return true }
        guard bytes.count >= 8, isHeaderOfFrame(bytes[...]) else { return false }
        let start = Int(bytes[4]) * 4
        var scanner = ByteScanner(bytes)
        let size = scanner.number(UInt32.self).map { Int($0) } ?? 0
        if size <= start { return size == start }
        return bytes.count > start + 1 && bytes[start] == 0 && [0x53, 0x80].contains(bytes[start + 1])
    }

    /// Whether the words of a frame's header, and its type, can be such. §2.3.1.
    private static func isHeaderOfFrame(_ bytes: ArraySlice<UInt8>) -> Bool {
        bytes[bytes.startIndex + 4] >= 2 && bytes[bytes.startIndex + 5] <= 1
    }

    /// The part of a SASL frame that is here may hold a password; the rest comes in a later message.
    private func addPart(_ count: Int, _ length: Int, _ log: inout ConversationLog) {
        var item = ApplicationItem(.amqp, "sasl", summary: "beginning of a frame, \(Excerpt.size(count))")
        item.secrets = [max(0, length - count)..<length].filter { !$0.isEmpty }
        log.add(item)
    }

    private func header(_ id: UInt8, _ log: inout ConversationLog) {
        let name = id == 3 ? "SASL" : id == 2 ? "TLS" : "AMQP"
        var item = ApplicationItem(.amqp, "header", name: name, summary: "header \(name) 1.0")
        mirror(&item, .transaction("header \(id)"), id: "", &log)
        log.add(item)
    }

    private mutating func frame(
        _ bytes: ArraySlice<UInt8>, _ earlier: Int, _ length: Int, _ log: inout ConversationLog
    ) {
        var scanner = ByteScanner(bytes.dropFirst(4))
        let offset = max(0, bytes.startIndex - earlier)
        guard let words = scanner.byte(), let type = scanner.byte(), let channel = scanner.number(UInt16.self),
            words >= 2,
            type <= 1, scanner.take(Int(words) * 4 - 8) != nil
        else { return log.addMalformed(.amqp, "no header of a frame", at: offset) }
        guard !scanner.isAtEnd else { return log.addHeartbeat(.amqp, "empty") }
        guard case .tagged(let tag, let body)? = try? AMQPValues.read(&scanner), let code = Int(tag),
            let kind = AMQPAnnotator.kinds[code], let fields = body.array
        else { return log.addMalformed(.amqp, "no performative that is known", at: offset) }
        var item = ApplicationItem(.amqp, kind)
        if code == 0x41 || code == 0x43 {
            // The password lies in it.
            item.secrets = [offset..<min(length, max(offset, bytes.endIndex - earlier))].filter { !$0.isEmpty }
        }
        annotate(code, fields.map { $0 == .null ? nil : $0 }, channel, scanner.remaining, &item, &log)
        log.add(item)
    }

    private mutating func annotate(
        _ code: Int, _ fields: [StructuredValue?], _ channel: UInt16, _ payload: Int, _ item: inout ApplicationItem,
        _ log: inout ConversationLog
    ) {
        func field(_ index: Int) -> StructuredValue? { index < fields.count ? fields[index] : nil }
        let sender = log.message.sender
        var words: [String?] = [item.kind]
        switch code {
        case 0x10:
            item.name = field(0)?.string
            item.show("hostname", field(1)?.string)
            words += [item.name, field(1)?.string.map { "to \($0)" }]
            isOpen = true
            mirror(&item, .connect, id: "", &log)
            if let idle = field(4)?.integer, (1...86_400_000).contains(idle) {
                item.show("idle_timeout", Seconds.text(idle * 1_000_000))
                log.expect(from: sender.peer, within: idle * 2_000_000, "twice the idle time-out of \(idle) ms")
            }
        case 0x11:
            item.id = String(channel)
            words.append("channel \(channel)")
            // Who answers names the channel of who asked.
            if let asked = field(0)?.plain {
                log.answer(&item, .transaction("begin"), id: asked)
            } else {
                log.ask(item, .transaction("begin"), id: String(channel), demandsAnswer: false, isRepeat: true)
            }
        case 0x12:
            item.name = field(0)?.string
            let isReceiver = field(2) == .boolean(true)
            let address = AMQPAnnotator.address(field(isReceiver ? 5 : 6))
            item.id = field(1)?.plain
            item.show("address", address)
            item.show("role", isReceiver ? "receiver" : "sender")
            words += [item.name, isReceiver ? "receiver of" : "sender to", address]
            if let handle = field(1)?.integer, links.count < AMQPAnnotator.mostLinks {
                links[Link(sender: sender, channel: channel, handle: handle)] = address ?? item.name
            }
            mirror(&item, .transaction("attach"), id: item.name ?? "", &log)
        case 0x13:
            item.id = field(4)?.plain
            item.name = field(4)?.integer.flatMap { links[Link(sender: sender, channel: channel, handle: $0)] }
            words += [item.name, field(6)?.plain.map { "credit \($0)" }]
        case 0x14:
            transfer(
                field(0)?.integer, field(1)?.plain, field(4) == .boolean(true), channel, payload, &item, &words, &log)
        case 0x15: disposition(fields, channel, &item, &words, &log)
        case 0x16, 0x17, 0x18:
            item.id = code == 0x16 ? field(0)?.plain : code == 0x17 ? String(channel) : nil
            if code == 0x16 {
                item.name = field(0)?.integer.flatMap { links[Link(sender: sender, channel: channel, handle: $0)] }
            }
            words += [item.name]
            fail(field(code == 0x16 ? 2 : 0), &item, &words, &log)
            if code == 0x18 { log.beginClosing(at: log.message.time) }
        case 0x40:
            words.append(field(0)?.array?.compactMap(\.string).joined(separator: " ") ?? field(0)?.string)
        case 0x41:
            item.name = field(0)?.string
            words.append(item.name)
            log.ask(item, .join, id: "", demandsAnswer: false)
        case 0x44:
            log.answer(&item, .join, id: "")
            let outcome = field(0)?.integer ?? 0
            words.append(outcome == 0 ? "ok" : "code \(outcome)")
            if outcome != 0 { log.mark(&item, failedWith: String(outcome), "authentication failed") }
        default: break
        }
        item.summary = Excerpt.line(excerptsOf: words)
    }

    private func transfer(
        _ handle: Int64?, _ delivery: String?, _ isSettled: Bool, _ channel: UInt16, _ payload: Int,
        _ item: inout ApplicationItem, _ words: inout [String?], _ log: inout ConversationLog
    ) {
        item.id = delivery
        item.name = handle.flatMap { links[Link(sender: log.message.sender, channel: channel, handle: $0)] }
        words += [item.name, delivery.map { "delivery \($0)" }, Excerpt.size(payload)]
        // When a receiver settles is its own affair: nothing is concluded from its silence.
        if !isSettled, let delivery {
            log.ask(item, .publish, id: "\(channel) \(delivery)", demandsAnswer: false, isRepeat: true)
        }
    }

    private func disposition(
        _ fields: [StructuredValue?], _ channel: UInt16, _ item: inout ApplicationItem, _ words: inout [String?],
        _ log: inout ConversationLog
    ) {
        guard fields.count > 1, let first = fields[1]?.integer, (0...Int64(UInt32.max)).contains(first) else { return }
        let last = fields.count > 2 ? fields[2]?.integer ?? first : first
        item.id = String(first)
        words.append(last > first ? "deliveries \(first) to \(last)" : "delivery \(first)")
        // Only what receivers say of deliveries answers them.
        if fields[0] == .boolean(true), last >= first {
            for delivery in first...min(last, first + AMQPAnnotator.mostSettled) {
                log.answer(&item, .publish, id: "\(channel) \(delivery)")
            }
        }
        guard fields.count > 4, case .tagged(let tag, let state)? = fields[4] else { return }
        let names = ["36": "accepted", "37": "rejected", "38": "released", "39": "modified"]
        words.append(names[tag])
        item.show("state", names[tag])
        if tag == "37" {
            item.error = ApplicationItem.Failure(code: "rejected", text: nil)
            fail(state.array?.first, &item, &words, &log)
            if item.error?.code == "rejected" { log.mark(&item, failedWith: "rejected", nil) }
        }
    }

    /// A condition and its description.
    private func fail(
        _ value: StructuredValue?, _ item: inout ApplicationItem, _ words: inout [String?], _ log: inout ConversationLog
    ) {
        guard case .tagged(_, let error)? = value, let fields = error.array, let condition = fields.first?.string else {
            return
        }
        let text = fields.count > 1 ? fields[1].string : nil
        words += [condition, text]
        log.mark(&item, failedWith: condition, text)
    }

    /// The address of a source or a target.
    private static func address(_ value: StructuredValue?) -> String? {
        guard case .tagged(_, let terminus)? = value else { return nil }
        return terminus.array?.first?.string
    }

    /// Both sides say the same: the second one answers the first.
    private func mirror(
        _ item: inout ApplicationItem, _ scope: Exchanges.Scope, id: String, _ log: inout ConversationLog
    ) {
        if log.answer(&item, scope, id: id) == nil {
            log.ask(item, scope, id: id, demandsAnswer: false, isRepeat: true)
        }
    }
}
