/// A head of HTTP/1.1 in the fields of HTTP/2. RFC 9113 §8.3, RFC 8441 §4.
struct StreamHead {
    let fields: [(name: String, value: String)]
    /// How long it is in HTTP/1.1.
    let length: Int
    let bodyLength: Int
    let isWebSocket: Bool

    /// Fields that have no meaning in a stream.
    private static let left: Set<String> = [
        "host", "connection", "upgrade", "sec-websocket-key", "sec-websocket-accept",
    ]

    /// `nil` where the bytes do not begin with a whole head.
    init?(_ bytes: ArraySlice<UInt8>) {
        guard bytes.starts(with: Array("GET ".utf8)) || bytes.starts(with: Array("HTTP/1.1 ".utf8)) else { return nil }
        let end = Array("\r\n\r\n".utf8)
        guard let start = bytes.indices.first(where: { bytes[$0...].starts(with: end) }) else { return nil }
        length = start - bytes.startIndex + end.count
        let lines = String(decoding: bytes[..<start], as: UTF8.self).split(separator: "\r\n")
        let rest = lines.dropFirst().map { line -> (name: String, value: String) in
            let parts = line.split(separator: ":", maxSplits: 1)
            return (parts[0].lowercased(), parts.count > 1 ? String(parts[1].drop { $0 == " " }) : "")
        }
        isWebSocket = rest.contains { $0.name == "upgrade" && $0.value == "websocket" }
        bodyLength = rest.first { $0.name == "content-length" }.flatMap { Int($0.value) } ?? 0
        let words = lines[0].split(separator: " ")
        let host = rest.first { $0.name == "host" }?.value ?? ""
        var pseudo: [(name: String, value: String)]
        if words[0] == "GET" {
            pseudo = [
                (":method", isWebSocket ? "CONNECT" : "GET"), (":scheme", "http"), (":authority", host),
                (":path", String(words[1])),
            ]
            if isWebSocket { pseudo.append((":protocol", "websocket")) }
        } else {
            pseudo = [(":status", words[1] == "101" ? "200" : String(words[1]))]
        }
        fields = pseudo + rest.filter { !Self.left.contains($0.name) }
    }
}
