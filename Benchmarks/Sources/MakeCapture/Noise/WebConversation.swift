/// Plain HTTP/1.1 requests over one connection, answered with bodies of a stated length.
struct WebConversation: NoiseConversation {
    private let bodyLengths: ClosedRange<Int>
    private var connection: TCPConnection
    private var response = SendQueue()
    private var isFinishing = false

    var isFinished: Bool { connection.isFinished }

    init(number: Int, bodyLengths: ClosedRange<Int>, random: inout RandomSource) {
        self.bodyLengths = bodyLengths
        connection = TCPConnection(from: .client(number), to: .server(number, port: 80), random: &random)
    }

    /// Asks for nothing more.
    mutating func finish() {
        isFinishing = true
    }

    mutating func step(in wire: inout Wire) {
        if !response.isEmpty {
            response.transmit(from: .server, over: &connection, in: &wire)
        } else if !connection.isEstablished {
            if isFinishing { connection.close(by: .client, in: &wire) }
            connection.open(in: &wire)
        } else if isFinishing {
            connection.close(by: .client, in: &wire)
        } else {
            connection.send(request(random: &wire.random)[...], from: .client, in: &wire)
            connection.acknowledge(by: .server, in: &wire)
            response.enqueue(makeResponse(in: &wire), in: &wire)
        }
    }

    private func request(random: inout RandomSource) -> [UInt8] {
        let lines = [
            "GET /items/\(random.next(below: 100_000)).json HTTP/1.1",
            "Host: www.example.com",
            "User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
            "Accept: */*",
            "Connection: keep-alive",
        ]
        return Array((lines.joined(separator: "\r\n") + "\r\n\r\n").utf8)
    }

    private func makeResponse(in wire: inout Wire) -> [UInt8] {
        let length = wire.random.next(in: bodyLengths)
        let lines = [
            "HTTP/1.1 200 OK",
            "Server: example",
            "Content-Type: application/octet-stream",
            "Content-Length: \(length)",
        ]
        var response = Array((lines.joined(separator: "\r\n") + "\r\n\r\n").utf8)
        wire.corpus.append(.ascii, length: length, to: &response, random: &wire.random)
        return response
    }
}
