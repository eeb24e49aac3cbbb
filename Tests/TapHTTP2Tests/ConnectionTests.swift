import TapCore
import TapHTTP
import TapHTTP2
import TapTestSupport
import Testing

@Suite("Tunnels of HTTP/2 connections")
struct ConnectionTests {
    @Test("two tunnels beside an ordinary request are given, and nothing else")
    func full() throws {
        let reading = Reading(Talk.full())
        let sink = reading.sink
        #expect(sink.violations.isEmpty)
        #expect(sink.limits.isEmpty)
        let first = try #require(sink.requests.first)
        #expect(sink.requests.map(\.path) == ["/one", "/two"])
        #expect(first.pseudoFields.map(\.name) == [":method", ":protocol", ":scheme", ":path", ":authority"])
        #expect(first.fields.list("Sec-WebSocket-Protocol") == ["chat"])
        #expect(first.fields.all.map(\.name) == ["sec-websocket-version", "sec-websocket-protocol"])
        #expect(first.isWhole)
        #expect(first.firstPacket.number == PacketNumber(4))
        #expect(sink.responses.map(\.status) == [200, 103, 200])
        #expect(sink.responses.map(\.stream.rawValue) == [1, 5, 5])
        #expect(sink.data(1, .fromFirst) == Array("first of onelast".utf8))
        #expect(sink.data(1, .fromSecond) == Array("answer of one".utf8))
        #expect(sink.data(5, .fromFirst) == Array("first of two".utf8))
        #expect(sink.data(5, .fromSecond) == Array("answer of two".utf8))
        #expect(sink.data(3, .fromSecond).isEmpty)
        let ends = sink.events.filter {
            [.ended(HTTP2StreamID(1)), .reset(HTTP2StreamID(5), .ofHTTP2, code: 8)].contains($0)
        }
        #expect(
            ends == [.ended(HTTP2StreamID(1)), .reset(HTTP2StreamID(5), .ofHTTP2, code: 8), .ended(HTTP2StreamID(1))])
        #expect(sink.events.last == .goAway(lastStream: HTTP2StreamID(5), code: 0))
        #expect(reading.counts.tunnels == 2)
        #expect(reading.counts.ordinaryRequests == 1)
        #expect(reading.counts.unknownFrames == 1)
        #expect(reading.openStreams == 0)
    }

    @Test("a head becomes that of a message of HTTP/1.1")
    func message() throws {
        let head = try #require(Reading(Talk.full()).sink.requests.first)
        let message = try #require(head.request)
        #expect(message.startLine == .request(method: "CONNECT", target: "/one", version: "HTTP/2"))
        #expect(message.isWhole)
        #expect(message.packet == PacketNumber(4))
        let response = try #require(Reading(Talk.full()).sink.responses.first?.response)
        #expect(response.startLine == .response(version: "HTTP/2", status: 200, reason: ""))
    }

    @Test("where bytes are cut changes nothing that is given")
    func cuts() {
        let whole = Reading(Talk.full()).sink.items
        #expect(Reading(Talk.full(), cut: { $0.map { [$0] } }).sink.items == whole)
        let longest = Talk.full().map(\.bytes.count).max() ?? 0
        for place in 0...longest {
            let reading = Reading(Talk.full()) { [Array($0.prefix(place)), Array($0.dropFirst(place))] }
            #expect(reading.sink.items == whole, "cut at \(place)")
        }
    }

    @Test("the same in the middle of a connection, wherever it begins")
    func cutsInside() {
        let pieces = Talk.full()
        for first in 1..<pieces.count {
            let rest = Array(pieces[first...])
            let whole = Reading(rest, .inside(client: nil)).sink.items
            #expect(Reading(rest, .inside(client: nil), cut: { $0.map { [$0] } }).sink.items == whole, "from \(first)")
        }
    }

    @Test("after an upgrade from HTTP/1.1 the client's settings are those of its request")
    func upgrade() {
        var client = HTTP2FieldEncoder()
        var server = HTTP2FieldEncoder()
        let settings = Array(HTTP2Bytes.settings([(4, 10)]).dropFirst(9))
        let reading = Reading(
            [
                .server(Talk.enabled, HTTP2Bytes.headers(server.block([(":status", "204")]), on: 1, ends: true)),
                .client(HTTP2Bytes.preface, HTTP2Bytes.settings(), HTTP2Bytes.acknowledgement),
                .server(HTTP2Bytes.acknowledgement),
                .client(HTTP2Bytes.headers(client.block(Talk.request()), on: 3)),
                .server(HTTP2Bytes.headers(server.block(Talk.accepted), on: 3), HTTP2Bytes.data([1, 2, 3], on: 3)),
                .server(HTTP2Bytes.data([UInt8](repeating: 4, count: 8), on: 3)),
            ], .upgrade(client: .fromFirst, settings: settings))
        #expect(reading.sink.requests.map(\.stream.rawValue) == [3])
        #expect(reading.sink.responses.map(\.stream.rawValue) == [3])
        #expect(reading.sink.rules == [.windowExceeded])
    }

    @Test("what does not begin as HTTP/2 is none")
    func other() {
        let requests: [Piece] = [
            .client(Array("GET / HTTP/1.1\r\nHost: a\r\n\r\n".utf8)),
            .server(Array("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n".utf8)),
        ]
        #expect(Reading(requests).sink.events == [.notHTTP2, .notHTTP2])
    }

    @Test("a receiver that wants nothing of a tunnel is given nothing more of it")
    func unwanted() {
        let sink = Reading(Talk.full(), interest: .unwanted).sink
        #expect(sink.data(1, .fromFirst) == Array("first of one".utf8))
        #expect(sink.data(1, .fromSecond).isEmpty)
    }

    @Test(
        "requests for something else are counted by what they are",
        arguments: [
            ([(":method", "CONNECT"), (":authority", "a:1")], "connect"),
            ([(":method", "CONNECT"), (":protocol", "connect-udp"), (":path", "/")], "protocol"),
            ([(":method", "POST"), (":path", "/"), ("content-type", "application/grpc+proto")], "grpc"),
            ([(":method", "GET"), (":path", "/")], "ordinary"),
        ])
    func counted(fields: [(String, String)], kind: String) {
        var client = HTTP2FieldEncoder()
        let reading = Reading(
            Talk.opening + [
                .client(
                    HTTP2Bytes.headers(client.block(fields.map { ($0.0, $0.1) }), on: 1), HTTP2Bytes.data([1], on: 1))
            ])
        #expect(reading.sink.requests.isEmpty)
        #expect(reading.sink.data(1, .fromFirst).isEmpty)
        let counts = reading.counts
        #expect(counts.connects == (kind == "connect" ? 1 : 0))
        #expect(counts.otherProtocols == (kind == "protocol" ? 1 : 0))
        #expect(counts.gRPCRequests == (kind == "grpc" ? 1 : 0))
        #expect(counts.ordinaryRequests == (kind == "grpc" || kind == "ordinary" ? 1 : 0))
    }

    @Test("a pushed response is counted and not given")
    func push() {
        var client = HTTP2FieldEncoder()
        var server = HTTP2FieldEncoder()
        let reading = Reading(
            Talk.opening + [
                .client(HTTP2Bytes.headers(client.block(Talk.get), on: 1, ends: true)),
                .server(
                    HTTP2Bytes.frame(5, 4, on: 1, HTTP2Bytes.word(2) + server.block(Talk.get)),
                    HTTP2Bytes.headers(server.block([(":status", "200")]), on: 2),
                    HTTP2Bytes.data([1], on: 2, ends: true),
                    HTTP2Bytes.headers(server.block([(":status", "200")]), on: 1, ends: true)),
                .client(HTTP2Bytes.headers(client.block(Talk.request()), on: 3)),
                .server(HTTP2Bytes.headers(server.block(Talk.accepted), on: 3)),
            ])
        #expect(reading.counts.pushes == 1)
        #expect(reading.sink.requests.map(\.stream.rawValue) == [3])
        #expect(reading.sink.responses.map(\.status) == [200])
        #expect(reading.sink.violations.isEmpty)
    }
}
