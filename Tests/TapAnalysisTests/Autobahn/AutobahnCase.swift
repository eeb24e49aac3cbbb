import TapAnalysis
import TapTestSupport
import TapWebSocket
import Testing

/// A case of the Autobahn test suite: what its fuzzer sends, what the analysis must find, and which messages it must read.
struct AutobahnCase: CustomTestStringConvertible, Sendable {
    /// How the conversation ends.
    enum End: Sendable {
        /// The peer echoes each message and answers each ping; then the fuzzer closes.
        case passed
        /// The peer closes with this code.
        case failed(UInt16)
        /// The fuzzer has sent a close frame; the peer answers.
        case closed
    }

    let number: String
    let name: String
    /// What is found and at which of the frames, which are counted from 1; 0 for what has no frame of its own.
    let findings: [(id: FindingID, frame: Int)]
    /// What the fuzzer's whole messages say.
    let messages: [[UInt8]]
    let end: End
    let talk: @Sendable (inout Fuzzer) -> Void

    var testDescription: String { "\(number) \(name)" }

    init(
        _ number: String, _ name: String, finds findings: [(FindingID, Int)] = [], says messages: [[UInt8]] = [],
        end: End = .passed, talk: @escaping @Sendable (inout Fuzzer) -> Void
    ) {
        self.number = number
        self.name = name
        self.findings = findings.map { ($0.0, $0.1) }
        self.messages = messages
        self.end = end
        self.talk = talk
    }

    /// A case that the peer must fail, for want of a right frame: RFC 6455 §7.4.1, 1002.
    static func wrong(
        _ number: String, _ name: String, finds findings: [(FindingID, Int)], says messages: [String] = [],
        talk: @escaping @Sendable (inout Fuzzer) -> Void
    ) -> AutobahnCase {
        AutobahnCase(
            number, name, finds: findings, says: messages.map { Array($0.utf8) }, end: .failed(1002), talk: talk)
    }

    /// A case that the peer must pass.
    static func right(
        _ number: String, _ name: String, says messages: [String] = [], talk: @escaping @Sendable (inout Fuzzer) -> Void
    ) -> AutobahnCase {
        AutobahnCase(number, name, says: messages.map { Array($0.utf8) }, talk: talk)
    }

    /// Who closes because something failed, or with a code of its own; `nil` where nobody does.
    func failing(_ fuzzer: Sender) -> Sender? {
        switch end {
        case .passed: nil
        case .failed: fuzzer.peer
        // Section 7.7 goes through the codes that are allowed, of which the first two are ordinary.
        case .closed: number.hasPrefix("7.7.") && number != "7.7.1" && number != "7.7.2" ? fuzzer : nil
        }
    }

    /// The whole conversation, with the fuzzer at either end.
    func conversation(_ sender: Sender) -> Conversation {
        var fuzzer = Fuzzer(sender)
        talk(&fuzzer)
        fuzzer.end(end)
        return fuzzer.conversation
    }
}
