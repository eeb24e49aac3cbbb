import TapTestSupport

/// Handshakes and other exchanges, cut in the middle.
enum HTTPSeeds {
    static let all = exchanges.map { name, requests, responses in
        let places: [UInt8] = [2, 0, 7, 0, 150]
        let requests = Array(requests.utf8)
        return (name, [0] + places + bigEndian(UInt16(requests.count)) + requests + Array(responses.utf8))
    }

    private static let plain = HandshakeBytes()
    private static let rich = HandshakeBytes(
        protocols: "chat, superchat", chosenProtocol: "chat",
        extensions: "permessage-deflate; client_max_window_bits, x-other; a=\"b\"",
        chosenExtensions: "permessage-deflate; server_max_window_bits=10; client_max_window_bits=12")

    private static let get = "GET /a HTTP/1.1\r\nHost: a\r\n\r\n"
    private static let chunks = "Transfer-Encoding: chunked\r\n\r\n4;a=b\r\nwxyz\r\n0\r\nA: b\r\n\r\n"

    private static let exchanges = [
        ("handshake", plain.request.text, plain.response.text),
        ("handshake-with-extensions", rich.request.text, rich.response.text),
        ("handshake-after-another", get + plain.request.text, "HTTP/1.1 304 No\r\n\r\n" + plain.response.text),
        ("bodies", "POST /a HTTP/1.1\r\nContent-Length: 3\r\n\r\nabc" + get, "HTTP/1.1 200 OK\r\n\r\nuntil the end"),
        ("chunks", "POST /a HTTP/1.1\r\n\(chunks)\(get)", "HTTP/1.1 200 OK\r\n\(chunks)HTTP/1.1 404 No\r\n\r\n"),
        (
            "oddities", "GET / HTTP/1.1\nHost : a\nUpgrade: websocket\n\tfoo\nno field\nSec-WebSocket-Key: a\n\n",
            "HTTP/1.1 101\r\nSec-WebSocket-Accept: a\r\nSec-WebSocket-Accept: b\r\n\r\n"
        ),
        (
            "draft",
            "GET / HTTP/1.1\r\nUpgrade: WebSocket\r\nSec-WebSocket-Key1: 1 2\r\nSec-WebSocket-Version: 8\r\n"
                + "\r\n",
            "HTTP/1.1 426 Upgrade Required\r\nSec-WebSocket-Version: 13\r\n\r\n"
        ),
        ("head", "HEAD / HTTP/1.0\r\n\r\n" + get, "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nHTTP/1.1 204\r\n\r\n"),
    ]
}
