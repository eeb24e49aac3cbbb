/// Queries to a database and rows in answer, as messages of a type and a length, in no protocol that is known.
struct DatabaseConversation: NoiseConversation {
    private var connection: TCPConnection
    private var answer = SendQueue()
    private var isFinishing = false

    var isFinished: Bool { connection.isFinished }

    init(number: Int, random: inout RandomSource) {
        connection = TCPConnection(from: .client(number), to: .server(number, port: 7777), random: &random)
    }

    /// Asks for nothing more.
    mutating func finish() {
        isFinishing = true
    }

    mutating func step(in wire: inout Wire) {
        if !answer.isEmpty {
            answer.transmit(from: .server, over: &connection, in: &wire)
        } else if !connection.isEstablished {
            if isFinishing { connection.close(by: .client, in: &wire) }
            connection.open(in: &wire)
        } else if isFinishing {
            connection.close(by: .client, in: &wire)
        } else {
            let query = message(UInt8(ascii: "Q"), .ascii, lengths: 20...200, in: &wire)
            connection.send(query[...], from: .client, in: &wire)
            connection.acknowledge(by: .server, in: &wire)
            var rows: [UInt8] = []
            for _ in 0..<wire.random.next(in: 1...20) {
                rows += message(UInt8(ascii: "D"), .binary, lengths: 20...300, in: &wire)
            }
            answer.enqueue(rows, in: &wire)
        }
    }

    /// A type, a length that counts itself, and content.
    private func message(
        _ type: UInt8, _ content: Content, lengths: ClosedRange<Int>, in wire: inout Wire
    ) -> [UInt8] {
        let length = wire.random.next(in: lengths)
        var message = [type]
        message.append(bigEndian: UInt32(4 + length))
        wire.corpus.append(content, length: length, to: &message, random: &wire.random)
        return message
    }
}
