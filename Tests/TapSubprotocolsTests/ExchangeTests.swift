import TapCore
import TapSubprotocols
import TapWebSocket
import Testing

@Suite("Requests and answers")
struct ExchangeTests {
    private func ask(_ id: Int) -> String { #"{"jsonrpc":"2.0","method":"work","id":\#(id)}"# }
    private func answer(_ id: Int) -> String { #"{"jsonrpc":"2.0","result":0,"id":\#(id)}"# }

    @Test("a request that was never answered while the connection lived is a finding")
    func unanswered() {
        var talk = Talk()
        talk.client(ask(1))
        talk.client(ask(2))
        talk.server(answer(2))
        talk.finish(after: 5)
        #expect(talk.findings == ["application-unanswered 1"])
        #expect(talk.details == ["the server never answered request work id 1, for 5.02 s"])
        #expect(talk.output.findings.first?.sender == .server)
        #expect(talk.pending.map(\.outcome) == [.unanswered])
    }

    @Test("one that is pending when the capture ends, or shortly before the end of the connection, is none")
    func pending() {
        var talk = Talk()
        talk.client(ask(1))
        talk.finish(isClosed: false, after: 60)
        #expect(talk.findings.isEmpty && talk.pending.map(\.outcome) == [.captureEnded])

        talk = Talk()
        talk.client(ask(1))
        talk.beginClosing()
        talk.finish(after: 60)
        #expect(talk.findings.isEmpty && talk.pending.map(\.outcome) == [.closed])
    }

    @Test("nothing is concluded across a hole", arguments: Sender.allCases)
    func hole(sender: Sender) {
        var talk = Talk()
        talk.client(ask(1))
        talk.lose(sender)
        talk.client(ask(1))
        talk.server(answer(1), after: 3)
        talk.finish(after: 60)
        #expect(talk.findings == ["application-slow 3"])
        #expect(talk.items.last?.answer?.message == 2)
    }

    @Test("of too many open requests the oldest is forgotten, and it is counted")
    func limits() {
        var limits = ApplicationLimits()
        limits.openRequests = 2
        var talk = Talk(limits: limits)
        for id in 1...4 { talk.client(ask(id)) }
        for id in 1...4 { talk.server(answer(id)) }
        #expect(talk.items.map(\.answer?.message) == [nil, nil, nil, nil, nil, nil, 3, 4])
        #expect(talk.room.forgottenRequests == 2)
        #expect(talk.room.openRequests == 0)
        #expect(talk.findings.isEmpty)
    }

    @Test("a limit of all connections holds for each of them")
    func limitInAll() {
        var limits = ApplicationLimits()
        limits.openRequestsInAll = 3
        var room = ApplicationRoom()
        var output = ApplicationOutput()
        var conversations = (0..<2).map { _ in
            ApplicationConversation(ApplicationContext(subprotocol: nil, target: "/"), limits: limits)
        }
        for number in 1...6 {
            for index in conversations.indices {
                let bytes = Array(ask(number).utf8)
                let message = ApplicationMessage(
                    number: number, sender: .client, isText: true, firstTime: Talk.time(0), time: Talk.time(0))
                let payload = bytes.span.bytes
                conversations[index].receive(payload, message, room: &room, into: &output)
                #expect(room.openRequests <= 3)
            }
        }
        #expect(room.forgottenRequests == 9)
    }

    @Test("ids without end are bounded")
    func manyIDs() {
        var talk = Talk()
        for id in 0..<5_000 { talk.client(ask(id)) }
        #expect(talk.room.openRequests == ApplicationLimits().openRequests)
    }

    @Test("units of a message are bounded")
    func units() {
        var talk = Talk()
        talk.client("[" + (0..<5_000).map { ask($0) }.joined(separator: ",") + "]")
        #expect(talk.items.count == ApplicationLimits().itemsPerMessage)
        #expect(talk.room.itemsLeftOut > 0)
    }

    @Test("a clock that steps back gives no latency")
    func clock() {
        var talk = Talk()
        talk.client(ask(1))
        talk.server(answer(1), after: -1)
        #expect(talk.items.last?.answer?.message == 1)
        #expect(talk.items.last?.answer?.latency == nil)
    }
}
