import TapSubprotocols
import Testing

@Suite("GraphQL over WebSocket")
struct GraphQLTests {
    /// https://github.com/enisdenjo/graphql-ws/blob/master/PROTOCOL.md
    @Test("graphql-transport-ws")
    func current() {
        var talk = Talk("graphql-transport-ws")
        talk.client(#"{"type":"connection_init","payload":{"Authorization":"Bearer x"}}"#)
        talk.server(#"{"type":"connection_ack"}"#)
        talk.client(
            #"{"id":"1","type":"subscribe","payload":{"operationName":"OnNews","query":"subscription OnNews { news { id } }"}}"#
        )
        talk.client(#"{"id":"2","type":"subscribe","payload":{"query":"query Time($a: Int = 1) @live { time }"}}"#)
        talk.server(#"{"id":"1","type":"next","payload":{"data":{"news":{"id":1}}}}"#)
        talk.server(#"{"id":"2","type":"next","payload":{"data":{"time":7}}}"#)
        talk.server(#"{"id":"2","type":"complete"}"#)
        talk.client(#"{"id":"3","type":"subscribe","payload":{"query":"{ secret }"}}"#)
        talk.server(#"{"id":"3","type":"error","payload":[{"message":"Cannot query field \"secret\""}]}"#)
        talk.client(#"{"type":"ping"}"#)
        talk.server(#"{"type":"pong"}"#)
        talk.client(#"{"id":"1","type":"complete"}"#)
        #expect(
            talk.lines == [
                "connection_init", "connection_ack <-1", "subscribe OnNews 1", "subscribe Time 2", "next OnNews 1 <-3",
                "next Time 2 <-4", "complete Time 2 <-4", "subscribe 3", "error 3 !Cannot query field \"secret\" <-8",
                "ping ♥", "pong <-10 ♥", "complete 1",
            ])
        #expect(talk.summaries[2] == "subscribe 1 subscription OnNews")
        #expect(talk.summaries[3] == "subscribe 2 query Time")
        #expect(talk.summaries[7] == "subscribe 3 query")
        #expect(talk.secrets == [#"{"Authorization":"Bearer x"}"#])
        #expect(talk.summaries[0] == "connection_init")
        talk.finish(after: 60)
        #expect(talk.findings == ["application-error 9"])
    }

    /// https://github.com/apollographql/subscriptions-transport-ws/blob/master/PROTOCOL.md
    @Test("the older graphql-ws")
    func old() {
        var talk = Talk("graphql-ws")
        talk.client(#"{"type":"connection_init","payload":{}}"#)
        talk.server(#"{"type":"connection_ack"}"#)
        talk.server(#"{"type":"ka"}"#)
        talk.client(#"{"id":"1","type":"start","payload":{"variables":{},"query":"mutation Do { do }"}}"#)
        talk.server(#"{"type":"data","id":"1","payload":{"data":null,"errors":[{"message":"no"}]}}"#, after: 1.5)
        talk.server(#"{"type":"data","id":"1","payload":{"data":1}}"#, after: 5)
        talk.server(#"{"type":"complete","id":"1"}"#)
        talk.client(#"{"id":"1","type":"stop"}"#)
        #expect(
            talk.lines == [
                "connection_init", "connection_ack <-1", "ka ♥", "start Do 1", "data Do 1 !no <-4", "data Do 1 <-4",
                "complete Do 1 <-4", "stop 1",
            ])
        #expect(talk.findings == ["application-slow 5", "application-error 5"])
    }

    @Test(
        "the operation is that which is named, else the first",
        arguments: [
            ("{ a }", nil, "query"), ("query { a }", nil, "query"),
            ("fragment F on T { a } mutation M { b }", nil, "mutation M"),
            ("# query X {\nsubscription S($q: String = \"{\") { a }", nil, "subscription S"),
            ("query A { a } mutation B { b }", "B", "mutation B"), ("query A { a } mutation B { b }", nil, "query A"),
            ("query @x { a }", nil, "query"), ("", nil, ""), ("}}}{{{", nil, ""),
        ] as [(String, String?, String)])
    func operation(query: String, wanted: String?, shown: String) {
        let escaped = query.replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
        let name = wanted.map { #""operationName":"\#($0)","# } ?? ""
        var talk = Talk("graphql-ws")
        talk.client(#"{"id":"1","type":"start","payload":{\#(name)"query":"\#(escaped)"}}"#)
        #expect(talk.summaries == ["start 1 \(shown)"])
    }

    @Test("a subscription may be silent for as long as it likes, a query may not")
    func silence() {
        var talk = Talk("graphql-transport-ws")
        talk.client(#"{"id":"1","type":"subscribe","payload":{"query":"subscription S { a }"}}"#)
        talk.client(#"{"id":"2","type":"subscribe","payload":{"query":"query Q { a }"}}"#)
        talk.finish(after: 5)
        #expect(talk.findings == ["application-unanswered 2"])
    }

    @Test(
        "what is none of its messages is said to be malformed",
        arguments: ["", "x", "[]", #"{"type":"hello"}"#, #"{"id":1}"#])
    func malformed(text: String) {
        var talk = Talk("graphql-ws")
        talk.client(text)
        #expect(talk.findings == ["application-malformed 1"])
        #expect(talk.items.isEmpty)
    }
}
