/// A program that looks up both kinds of address of a name in the DNS. RFC 1035 §4.
struct NameConversation: NoiseConversation {
    private enum RecordType: UInt16 {
        case ipv4Address = 1
        case ipv6Address = 28

        var length: Int {
            switch self {
            case .ipv4Address: 4
            case .ipv6Address: 16
            }
        }
    }

    private struct Message {
        let side: Side
        let bytes: [UInt8]
    }

    private var flow: UDPFlow
    /// What is left to send, the last first.
    private var messages: [Message]

    /// Two queries, and two answers of up to four addresses.
    var mostBytes: Int? { 800 }

    var isFinished: Bool { messages.isEmpty }

    init(number: Int, random: inout RandomSource) {
        flow = UDPFlow(from: .client(number), to: .server(number, port: 53))
        let labels = ["host\(random.next(below: 100_000))", random.element(of: Self.zones), "example", "com"]
        let types: [RecordType] = [.ipv4Address, .ipv6Address]
        let identifiers = types.map { _ in UInt16(truncatingIfNeeded: random.next()) }
        var messages: [Message] = []
        for (type, identifier) in zip(types, identifiers) {
            messages.append(Message(side: .client, bytes: Self.query(labels, type, identifier)))
        }
        for (type, identifier) in zip(types, identifiers) {
            messages.append(Message(side: .server, bytes: Self.answer(labels, type, identifier, random: &random)))
        }
        self.messages = messages.reversed()
    }

    /// Says what is left in any case.
    func finish() {}

    mutating func step(in wire: inout Wire) {
        guard let message = messages.popLast() else { return }
        flow.send(message.bytes, from: message.side, in: &wire)
    }

    private static func query(_ labels: [String], _ type: RecordType, _ identifier: UInt16) -> [UInt8] {
        // A standard query, with recursion desired.
        header(identifier, flags: 0x0100, answers: 0) + question(labels, type)
    }

    private static func answer(
        _ labels: [String], _ type: RecordType, _ identifier: UInt16, random: inout RandomSource
    ) -> [UInt8] {
        let answers = random.next(in: 1...4)
        var message = header(identifier, flags: 0x8180, answers: UInt16(answers)) + question(labels, type)
        for _ in 0..<answers {
            // The name of the question, as a pointer to it. RFC 1035 §4.1.4.
            message.append(bigEndian: UInt16(0xC00C))
            message.append(bigEndian: type.rawValue)
            message.append(bigEndian: UInt16(1))
            message.append(bigEndian: UInt32(random.next(in: 30...3600)))
            message.append(bigEndian: UInt16(type.length))
            message += random.bytes(type.length)
        }
        return message
    }

    private static func header(_ identifier: UInt16, flags: UInt16, answers: UInt16) -> [UInt8] {
        [identifier, flags, 1, answers, 0, 0].reduce(into: []) { $0.append(bigEndian: $1) }
    }

    private static func question(_ labels: [String], _ type: RecordType) -> [UInt8] {
        var question: [UInt8] = []
        for label in labels {
            question.append(UInt8(label.utf8.count))
            question += Array(label.utf8)
        }
        question.append(0)
        question.append(bigEndian: type.rawValue)
        question.append(bigEndian: UInt16(1))
        return question
    }

    private static let zones = ["mail", "cdn", "images", "api", "internal", "metrics"]
}
