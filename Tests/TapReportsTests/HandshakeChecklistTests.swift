import TapHTTP
import TapReports
import TapWebSocket
import Testing

@Suite("The checklist of a handshake")
struct HandshakeChecklistTests {
    private static let families: [FindingFamily] = [.request, .response, .http, .handshake, .h2]
    static let handshakeFindings = families.flatMap(\.findings).filter(\.isAboutHandshake)

    @Test("every finding about a handshake belongs to exactly one rule of one peer", arguments: handshakeFindings)
    func finding(id: FindingID) throws {
        // Only the form of a head can be either peer's fault.
        let senders: [Sender] = id.family == .http ? [.client, .server] : [.client]
        let isInStream = id.family == .h2
        let (request, response) =
            isInStream ? (Script.streamRequest, Script.streamResponse) : (Script.request(), Script.response())
        for sender in senders {
            let rule = try #require(id.handshakeRule(of: sender))
            let list = HandshakeChecklist(
                request: request, response: response, violations: [Violation(id, by: sender, "…")])
            let broken = list.rules.filter { !$0.violations.isEmpty }
            #expect(broken.map(\.rule) == [rule])
            #expect(
                list.rules.allSatisfy {
                    $0.rule == rule || $0.outcome == .kept || id == .requestVersionDraft
                        || $0.rule == .extendedConnect && $0.outcome == .notChecked
                })
            if id.family == .request || id.family == .http { #expect(rule.sender == sender) }
            if id.family == .response { #expect(rule.sender == .server) }
        }
    }

    @Test("no other finding belongs to one")
    func others() {
        for id in FindingID.allCases where !id.isAboutHandshake {
            #expect(id.handshakeRule(of: .client) == nil && id.handshakeRule(of: .server) == nil)
        }
    }

    @Test("every rule is broken by some finding")
    func rules() {
        let broken = FindingID.allCases.flatMap { id in Sender.allCases.compactMap { id.handshakeRule(of: $0) } }
        #expect(Set(broken) == Set(HandshakeRule.allCases))
    }

    @Test("every finding has the family that its name begins with", arguments: FindingID.allCases)
    func family(id: FindingID) { #expect(id.rawValue.hasPrefix(id.family.rawValue + "-")) }

    @Test("each finding is in one family's list")
    func lists() { #expect(Set(FindingFamily.allCases.flatMap(\.findings)) == Set(FindingID.allCases)) }

    @Test(
        "what cannot be judged is not called kept",
        arguments: [
            (true, 101, []), (true, 404, [.patience, .responseUpgrade, .accept, .extensionsChosen]),
            (true, nil, [.patience, .status, .responseUpgrade, .accept]), (false, 101, [.method, .key, .accept]),
            (false, nil, HandshakeRule.allCases.filter { $0.applies(inStream: false) }),
        ] as [(Bool, Int?, [HandshakeRule])])
    func unchecked(hasRequest: Bool, status: Int?, rules: [HandshakeRule]) {
        let list = HandshakeChecklist(
            request: hasRequest ? Script.request() : nil, response: status.map { Script.response($0) }, violations: [])
        let unchecked = list.rules.filter { $0.outcome == .notChecked }.map(\.rule)
        #expect(Set(rules).isSubset(of: unchecked))
        #expect(!rules.isEmpty || unchecked.isEmpty)
    }

    @Test("expected and found are what a ticket needs")
    func facts() throws {
        let request = Script.request(fields: [("Sec-WebSocket-Protocol", "chat, superchat")])
        let response = Script.response(fields: [("Sec-WebSocket-Protocol", "soap")])
        let list = HandshakeChecklist(request: request, response: response, violations: [])
        let facts = Dictionary(uniqueKeysWithValues: list.rules.map { ($0.rule, ($0.expected, $0.found)) })
        #expect(try #require(facts[.accept]) == (Script.accept, Script.accept))
        #expect(try #require(facts[.protocolChosen]) == ("of chat, superchat", "soap"))
        #expect(try #require(facts[.extensionsChosen]).0 == "none, as none was offered")
        #expect(try #require(facts[.status]) == ("101", "101 Switching Protocols"))
        #expect(try #require(facts[.host]).1 == "localhost:8080")
    }
}
