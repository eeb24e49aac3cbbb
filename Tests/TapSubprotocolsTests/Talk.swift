import TapCore
import TapSubprotocols
import TapWebSocket

/// What two peers say to each other on one connection, and what is made of it.
struct Talk {
    private(set) var conversation: ApplicationConversation
    private(set) var room = ApplicationRoom()
    private(set) var output = ApplicationOutput()
    private(set) var pending: [PendingApplicationRequest] = []
    /// An item, and the message that it is in.
    struct Unit {
        let item: ApplicationItem
        let message: Int
        let sender: Sender
    }

    private(set) var units: [Unit] = []
    /// What the items say to be secret.
    private(set) var secrets: [String] = []
    private var number = 0
    private var seconds = 0.0

    init(
        _ subprotocol: String? = nil, target: String = "/", chosen: ApplicationProtocol? = nil,
        binaryForm: BinaryForm? = nil, limits: ApplicationLimits = ApplicationLimits()
    ) {
        conversation = ApplicationConversation(
            ApplicationContext(
                subprotocol: subprotocol, target: target, chosen: chosen, binaryForm: binaryForm), limits: limits)
    }

    static func time(_ seconds: Double) -> Timestamp {
        Timestamp(nanoseconds: 1_700_000_000_000_000_000 + Int64((seconds * 1_000_000).rounded()) * 1_000)
    }

    mutating func client(_ text: String, after wait: Double = 0.01) { say(Array(text.utf8), .client, true, wait) }

    mutating func server(_ text: String, after wait: Double = 0.01) { say(Array(text.utf8), .server, true, wait) }

    mutating func client(_ bytes: [UInt8], after wait: Double = 0.01) { say(bytes, .client, false, wait) }

    mutating func server(_ bytes: [UInt8], after wait: Double = 0.01) { say(bytes, .server, false, wait) }

    private mutating func say(_ bytes: [UInt8], _ sender: Sender, _ isText: Bool, _ wait: Double) {
        number += 1
        seconds += wait
        receive(
            bytes,
            ApplicationMessage(
                number: number, sender: sender, isText: isText, firstTime: Talk.time(seconds), time: Talk.time(seconds))
        )
    }

    mutating func receive(_ bytes: [UInt8], _ message: ApplicationMessage) {
        let before = output.items.count
        let payload = bytes.span.bytes
        conversation.receive(payload, message, room: &room, into: &output)
        for item in output.items[before...] {
            units.append(Unit(item: item, message: message.number, sender: message.sender))
            secrets += item.secrets.map { String(decoding: bytes[$0], as: UTF8.self) }
        }
    }

    mutating func lose(_ sender: Sender) { conversation.lose(sender, room: &room) }

    mutating func beginClosing() { beginClosing(at: Talk.time(seconds)) }

    mutating func beginClosing(at time: Timestamp) { conversation.beginClosing(at: time) }

    mutating func finish(isClosed: Bool = true, after wait: Double = 0) {
        finish(at: Talk.time(seconds + wait), isClosed: isClosed)
    }

    mutating func finish(at time: Timestamp, isClosed: Bool) {
        pending = conversation.finish(at: time, isClosed: isClosed, room: &room, into: &output)
    }

    func said(by sender: Sender) -> [Unit] { units.filter { $0.sender == sender } }

    var items: [ApplicationItem] { output.items }

    var summaries: [String] { output.items.map(\.summary) }

    /// `response textDocument/hover 7 <-1`: kind, name, id, the failure, and the message that is answered.
    var lines: [String] {
        output.items.map { item in
            var words = [item.kind]
            words += [item.name, item.id].compactMap { $0 }
            if let error = item.error { words.append("!\(error.code ?? error.text ?? "")") }
            if let answer = item.answer { words.append("<-\(answer.message)") }
            if item.isHeartbeat { words.append("♥") }
            if item.malformed != nil { words.append("?") }
            return words.joined(separator: " ")
        }
    }

    /// `application-slow 2`: the name of each finding and its message.
    var findings: [String] {
        output.findings.map { finding in
            [finding.id.rawValue, finding.message.map(String.init)].compactMap { $0 }.joined(separator: " ")
        }
    }

    var details: [String] { output.findings.map(\.detail) }
}
