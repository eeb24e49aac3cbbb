import TapTestSupport

/// Conversations of a client and a server that most tests begin with.
enum Talk {
    static let enabled = HTTP2Bytes.settings([(8, 1)])

    /// The beginning of both directions.
    static let opening: [Piece] = [
        .client(HTTP2Bytes.preface, HTTP2Bytes.settings()),
        .server(enabled, HTTP2Bytes.acknowledgement),
        .client(HTTP2Bytes.acknowledgement),
    ]

    static func request(_ path: String = "/ws") -> [HTTP2FieldEncoder.Field] {
        [
            (":method", "CONNECT"), (":protocol", "websocket"), (":scheme", "https"), (":path", path),
            (":authority", "example.com"), ("sec-websocket-version", "13"), ("sec-websocket-protocol", "chat"),
        ]
    }

    static let get: [HTTP2FieldEncoder.Field] = [
        (":method", "GET"), (":scheme", "https"), (":path", "/"), (":authority", "example.com"),
    ]

    static let accepted: [HTTP2FieldEncoder.Field] = [(":status", "200"), ("sec-websocket-protocol", "chat")]

    /// Two tunnels beside an ordinary request, with all that frames can have.
    static func full() -> [Piece] {
        var client = HTTP2FieldEncoder()
        var server = HTTP2FieldEncoder()
        return opening + [
            .client(
                HTTP2Bytes.headers(
                    client.block(request("/one")), on: 1, padding: 5, priority: true, cutAt: [3, 3, 40]),
                HTTP2Bytes.headers(client.block(get), on: 3, ends: true)),
            .client(HTTP2Bytes.headers(client.block(request("/two")), on: 5), HTTP2Bytes.ping),
            .server(
                HTTP2Bytes.headers(server.block(accepted), on: 1),
                HTTP2Bytes.headers(server.block([(":status", "200"), ("content-type", "text/plain")]), on: 3),
                HTTP2Bytes.data(Array("hello".utf8), on: 3, ends: true)),
            .server(
                HTTP2Bytes.headers(server.block([(":status", "103"), ("link", "</a.css>")]), on: 5),
                HTTP2Bytes.headers(server.block(accepted), on: 5, padding: 0)),
            .client(
                HTTP2Bytes.data(Array("first of one".utf8), on: 1), HTTP2Bytes.data([], on: 1, padding: 3),
                HTTP2Bytes.data(Array("first of two".utf8), on: 5, padding: 9),
                HTTP2Bytes.frame(0xEE, 0xFF, on: 5, [1, 2, 3])),
            .server(
                HTTP2Bytes.windowUpdate(1_000), HTTP2Bytes.windowUpdate(500, on: 1),
                HTTP2Bytes.data(Array("answer of one".utf8), on: 1), HTTP2Bytes.frame(2, 0, on: 5, [0, 0, 0, 0, 1]),
                HTTP2Bytes.data(Array("answer of two".utf8), on: 5)),
            .client(HTTP2Bytes.data(Array("last".utf8), on: 1, ends: true), HTTP2Bytes.reset(5, 8)),
            .server(
                HTTP2Bytes.headers(server.block([("trailer", "x")]), on: 1, ends: true),
                HTTP2Bytes.goAway(5, 0, "good bye")),
        ]
    }
}
