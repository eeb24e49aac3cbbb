/// What looks like TLS 1.3 from outside: two hellos, then records of random bytes.
struct EncryptedConversation: NoiseConversation {
    private var connection: TCPConnection
    private var flights: [(side: Side, bytes: [UInt8])]
    private var queue = SendQueue()
    private var sender = Side.client
    private var isFinishing = false

    var isFinished: Bool { connection.isFinished }

    init(number: Int, random: inout RandomSource) {
        connection = TCPConnection(from: .client(number), to: .server(number, port: 443), random: &random)
        flights = [
            (.server, TLSHello.server(random: &random)),
            (.client, TLSHello.client(random: &random)),
        ]
    }

    /// Sends no more than it has begun.
    mutating func finish() {
        isFinishing = true
    }

    mutating func step(in wire: inout Wire) {
        if !queue.isEmpty {
            queue.transmit(from: sender, over: &connection, in: &wire)
        } else if !connection.isEstablished {
            if isFinishing { connection.close(by: .client, in: &wire) }
            connection.open(in: &wire)
        } else if let flight = flights.popLast() {
            sender = flight.side
            queue.enqueue(flight.bytes, in: &wire)
        } else if isFinishing {
            connection.close(by: .client, in: &wire)
        } else {
            sender = wire.random.chance(percent: 70) ? .server : .client
            queue.enqueue(record(in: &wire), in: &wire)
        }
    }

    /// A record of application data. RFC 8446 §5.2.
    private func record(in wire: inout Wire) -> [UInt8] {
        let length = sender == .server ? wire.random.next(in: 40...4000) : wire.random.next(in: 40...400)
        var record: [UInt8] = [0x17, 0x03, 0x03]
        record.reserveCapacity(5 + length)
        record.append(bigEndian: UInt16(length))
        wire.corpus.append(.binary, length: length, to: &record, random: &wire.random)
        return record
    }
}
