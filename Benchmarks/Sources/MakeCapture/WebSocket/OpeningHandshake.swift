/// An upgrade request like a browser's, and the response that accepts it. RFC 6455 §4.
struct OpeningHandshake {
    let request: [UInt8]
    let response: [UInt8]

    /// - Parameter target: what is asked for; `nil` for a room chosen by chance.
    init(compresses: Bool, target: String?, random: inout RandomSource) {
        let key = Base64.encode(random.bytes(16))
        let accept = Base64.encode(SHA1.digest(Array("\(key)258EAFA5-E914-47DA-95CA-C5AB0DC85B11".utf8)))
        let host = "chat\(random.next(below: 12)).example.com"
        let room = random.next(below: 10_000)
        let cookie = Base64.encode(random.bytes(random.next(in: 24...96)))

        var requestLines = [
            "GET \(target ?? "/rooms/\(room)/socket") HTTP/1.1",
            "Host: \(host)",
            "Connection: Upgrade",
            "Pragma: no-cache",
            "Cache-Control: no-cache",
            "User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
            "Upgrade: websocket",
            "Origin: http://\(host)",
            "Sec-WebSocket-Version: 13",
            "Accept-Encoding: gzip, deflate",
            "Accept-Language: en-US,en;q=0.5",
            "Cookie: session=\(cookie)",
            "Sec-WebSocket-Key: \(key)",
        ]
        var responseLines = [
            "HTTP/1.1 101 Switching Protocols",
            "Upgrade: websocket",
            "Connection: Upgrade",
            "Sec-WebSocket-Accept: \(accept)",
            "Server: example",
        ]
        if compresses {
            requestLines.append("Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits")
            responseLines.append("Sec-WebSocket-Extensions: permessage-deflate")
        }
        request = Self.head(requestLines)
        response = Self.head(responseLines)
    }

    private static func head(_ lines: [String]) -> [UInt8] {
        Array((lines.joined(separator: "\r\n") + "\r\n\r\n").utf8)
    }
}
