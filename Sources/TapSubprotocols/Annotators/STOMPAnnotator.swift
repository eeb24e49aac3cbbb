import TapWebSocket

/// STOMP 1.0, 1.1 and 1.2 (https://stomp.github.io). A frame may stand in several messages, and several in one.
struct STOMPAnnotator: Annotator {
    let `protocol` = ApplicationProtocol.stomp
    private var client = Side()
    private var server = Side()
    private var version = "1.0"
    private var isConnected = false
    /// What the client said about heart-beats in its frame CONNECT: how often it sends, and wants to hear, in milliseconds.
    private var clientBeats = (sends: 0, wants: 0)

    /// Frames that are longer are not read.
    static let longestFrame = 1 << 20

    private struct Side: Sendable {
        var pending: [UInt8] = []
        /// In the middle of a frame that is too long, or that breaks the rules: up to a NUL nothing is read.
        var isLost = false
        /// What comes may go on with a frame whose beginning is missing.
        var isUnsure = false
    }

    static func isSubprotocol(_ name: String) -> Bool { name == "stomp" || name.hasSuffix(".stomp") }

    /// A whole frame CONNECT or STOMP with a header that belongs there.
    static func recognizes(_ first: FirstMessage) -> String? {
        guard first.bytes.starts(with: "CONNECT".utf8) || first.bytes.starts(with: "STOMP".utf8),
            case .frame(let frame, let end) = STOMPFrame.read(first.bytes[...], version: "1.0"),
            first.bytes[end...].allSatisfy({ $0 == 0x0A || $0 == 0x0D }), frame.isConnect,
            frame["accept-version"] != nil || frame["login"] != nil || frame["heart-beat"] != nil
        else { return nil }
        return "a whole frame \(frame.command)"
    }

    mutating func lose(_ sender: Sender) {
        let side = Side(isUnsure: true)
        if sender == .client { client = side } else { server = side }
    }

    mutating func annotate(_ payload: [UInt8], _ log: inout ConversationLog) {
        var side = log.message.sender == .client ? client : server
        // Of what this message begins with, so many bytes belong to an earlier one.
        let earlier = side.pending.count
        let bytes = side.pending + payload
        side.pending = []
        read(bytes[...], earlier, &side, &log)
        if log.message.sender == .client { client = side } else { server = side }
    }

    private mutating func read(
        _ bytes: ArraySlice<UInt8>, _ earlier: Int, _ side: inout Side, _ log: inout ConversationLog
    ) {
        var rest = bytes
        if side.isLost {
            guard let end = rest.firstIndex(of: 0) else { return }
            side.isLost = false
            rest = rest[(end + 1)...]
        }
        while let first = rest.first {
            if first == 0x0A || first == 0x0D {
                rest = rest.drop { $0 == 0x0A || $0 == 0x0D }
                // Behind a frame there may be line ends that say nothing.
                if rest.isEmpty, rest.startIndex - bytes.startIndex <= 2, bytes.count <= 2 {
                    log.addHeartbeat(.stomp, "heartbeat")
                }
                continue
            }
            switch STOMPFrame.read(rest, version: version) {
            case .frame(let frame, let end):
                side.isUnsure = false
                annotate(frame, rest.startIndex - earlier, earlier, &log)
                rest = rest[end...]
            case .incomplete:
                guard rest.count <= STOMPAnnotator.longestFrame else {
                    // There may be NULs in its body, too.
                    (side.isLost, side.isUnsure) = (true, true)
                    return log.leaveOut()
                }
                side.pending = Array(rest)
                return
            case .fault(let reason, let offset):
                side.isLost = true
                if !side.isUnsure {
                    log.addMalformed(.stomp, reason, at: max(0, offset - earlier))
                } else if log.message.sender == .client, !isConnected {
                    log.addRest(.stomp, max(0, rest.startIndex - earlier)..<max(0, bytes.endIndex - earlier))
                }
                guard let end = rest.firstIndex(of: 0) else { return }
                side.isLost = false
                rest = rest[(end + 1)...]
            }
        }
    }

    private mutating func annotate(
        _ frame: STOMPFrame, _ offset: Int, _ earlier: Int, _ log: inout ConversationLog
    ) {
        var item = ApplicationItem(.stomp, frame.command, name: frame["destination"])
        item.secrets = frame.secrets.map { max(0, $0.lowerBound - earlier)..<max(0, $0.upperBound - earlier) }
            .filter { !$0.isEmpty }
        let size = frame.bodyLength > 0 ? Excerpt.size(frame.bodyLength) : nil
        var words = [frame.command, item.name.map { Excerpt.text($0) }]
        switch frame.command {
        case "CONNECT", "STOMP":
            item.name = frame["host"]
            clientBeats = STOMPAnnotator.beats(frame["heart-beat"])
            item.show("accept-version", frame["accept-version"])
            item.show("heart-beat", frame["heart-beat"])
            words = [frame.command, item.name, frame["accept-version"].map { "versions \($0)" }]
            log.ask(item, .connect, id: "")
        case "CONNECTED":
            isConnected = true
            version = frame["version"] ?? "1.0"
            item.show("version", version)
            item.show("server", frame["server"])
            item.show("heart-beat", frame["heart-beat"])
            words = [frame.command, "version \(version)", frame["server"]]
            log.answer(&item, .connect, id: "")
            expect(frame["heart-beat"], &log)
        case "RECEIPT":
            item.id = frame["receipt-id"]
            if let id = item.id { item.name = log.answer(&item, id: id)?.name }
            words.append(item.id)
        case "ERROR":
            item.id = frame["receipt-id"]
            let request = item.id.flatMap { log.answer(&item, id: $0) } ?? log.answer(&item, .connect, id: "")
            item.name = request?.name
            let text = frame["message"] ?? Excerpt.text(frame.bodyStart)
            log.mark(&item, failedWith: nil, text)
            words.append(Excerpt.text(text))
        case "MESSAGE":
            item.show("message-id", frame["message-id"])
            item.show("subscription", frame["subscription"])
            if let ack = frame["ack"] {
                item.id = ack
                log.ask(item, .transaction("ack"), id: ack, demandsAnswer: false)
            }
        case "ACK", "NACK":
            item.id = frame["id"] ?? frame["message-id"]
            if let id = item.id { item.name = log.answer(&item, .transaction("ack"), id: id)?.name }
            words.append(item.id)
        case "BEGIN", "COMMIT", "ABORT": words.append(frame["transaction"])
        default: break
        }
        // Brokers hand on what a message was sent with: a header `receipt` in a frame of theirs asks for nothing.
        if log.message.sender == .client, let receipt = frame["receipt"], !frame.isConnect {
            item.id = receipt
            log.ask(item, id: receipt)
            words.append("receipt \(receipt)")
        }
        item.show("content-type", frame["content-type"])
        item.summary = Excerpt.line(excerptsOf: words + [size])
        log.add(item)
        if frame.command == "DISCONNECT", frame["receipt"] == nil { log.beginClosing(at: log.message.time) }
    }

    /// What both sides can and want, the slower of the two; zero says never. STOMP 1.2, "Heart-beating". A reader is to have
    /// patience, so that twice the time is late.
    private func expect(_ header: String?, _ log: inout ConversationLog) {
        let beats = STOMPAnnotator.beats(header)
        for (sender, sends, wants) in [
            (Sender.client, clientBeats.sends, beats.wants), (.server, beats.sends, clientBeats.wants),
        ] where sends > 0 && wants > 0 {
            let interval = max(sends, wants)
            log.expect(from: sender, within: Int64(interval) * 2_000_000, "twice the heart-beat of \(interval) ms")
        }
    }

    private static func beats(_ header: String?) -> (sends: Int, wants: Int) {
        let numbers = (header ?? "").split(separator: ",").map { Int($0) ?? 0 }
        guard numbers.count == 2, numbers.allSatisfy({ (0...86_400_000).contains($0) }) else { return (0, 0) }
        return (numbers[0], numbers[1])
    }
}
