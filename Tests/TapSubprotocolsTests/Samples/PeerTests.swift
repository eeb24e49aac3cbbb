import TapSubprotocols
import TapWebSocket
import Testing

@Suite("Real peers")
struct PeerTests {
    @Test("each item is what the peers logged, and each finding what they deserve", arguments: PeerTruth.names)
    func peers(name: String) throws {
        let truth = try PeerTruth(of: name)
        let captured = try CapturedTalk(path: PeerTruth.path("subprotocols/\(name).pcap"))
        try #require(captured.talks.count == truth.connections.count)
        var findings: Set<String> = []
        for (index, connection) in truth.connections.enumerated() {
            let talk = captured.talks[index]
            #expect(talk.conversation.recognition?.protocol.rawValue == truth.protocol)
            findings.formUnion(talk.output.findings.map(\.id.rawValue))
            for sender in Sender.allCases {
                let expected = sender == .client ? connection.fromClient : connection.fromServer
                let found = talk.said(by: sender)
                #expect(found.map(\.item.kind) == expected.map(\.kind), "\(name) \(index + 1) from the \(sender)")
                for (unit, logged) in zip(found, expected) {
                    compare(unit, logged, talk, "\(name) \(index + 1) \(sender)")
                }
            }
        }
        #expect(findings == Set(truth.findings))
    }

    private func compare(_ unit: Talk.Unit, _ logged: PeerTruth.Item, _ talk: Talk, _ place: String) {
        let item = unit.item
        if let name = logged.name { #expect(item.name == name, "\(place): \(item.summary)") }
        if let id = logged.id { #expect(item.id == id, "\(place): \(item.summary)") }
        #expect((item.error != nil) == (logged.error ?? false), "\(place): \(item.summary)")
        #expect(item.malformed == nil)
        let answered = item.answer.flatMap { answer in
            talk.units.filter { $0.message == answer.message && $0.sender == unit.sender.peer }.map(\.item.kind)
        }
        if let answers = logged.answers {
            #expect(answered?.contains(answers) == true, "\(place): \(item.summary) answers \(answered ?? [])")
            #expect(item.answer?.latency.map { $0 >= 0 } == true)
        } else {
            #expect(answered == nil, "\(place): \(item.summary)")
        }
    }

    @Test(
        "what talks in no known protocol is recognised as none, and gets no finding",
        arguments: [
            "chat", "fragments", "tornado", "node-ws", "gorilla", "twenty",
        ])
    func innocent(name: String) throws {
        for talk in try CapturedTalk(path: PeerTruth.path("\(name).pcap")).talks {
            #expect(talk.conversation.recognition == nil)
            #expect(talk.output.findings.isEmpty)
            #expect(talk.items.allSatisfy { $0.protocol == .json && $0.answer == nil })
        }
    }
}
