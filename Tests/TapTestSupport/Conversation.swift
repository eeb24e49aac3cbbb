import TapCore
import TapWebSocket

/// Writes a TCP conversation as its segments, with the numbers that two correct endpoints would send.
package struct Conversation: Sendable {
    package let client: Endpoint
    package let server: Endpoint
    package var segments: [ScriptedSegment] = []
    /// The next sequence number of each side.
    package private(set) var next: [Sender: SequenceNumber]

    package init(
        client: Endpoint = Endpoint("192.0.2.1", 49_152), server: Endpoint = Endpoint("198.51.100.2", 80),
        clientISN: UInt32 = 1_000, serverISN: UInt32 = 500_000
    ) {
        self.client = client
        self.server = server
        next = [.client: SequenceNumber(clientISN), .server: SequenceNumber(serverISN)]
    }

    /// The three segments that open a connection.
    package mutating func handshake() {
        add(.client, [.syn], isAcknowledging: false)
        add(.server, [.syn, .ack])
        acknowledge(from: .client)
    }

    /// Sends bytes in segments of at most `size`, and lets the peer acknowledge the last of them.
    package mutating func send(
        _ bytes: [UInt8], from sender: Sender, segmentSize size: Int = 1_460, isAcknowledged: Bool = true
    ) {
        for start in stride(from: 0, to: bytes.count, by: size) {
            add(sender, [.ack, .psh], Array(bytes[start..<Swift.min(start + size, bytes.count)]))
        }
        if isAcknowledged { acknowledge(from: sender.peer) }
    }

    package mutating func send(_ text: String, from sender: Sender) { send(Array(text.utf8), from: sender) }

    package mutating func acknowledge(from sender: Sender) { add(sender, [.ack]) }

    /// Ends one direction; the peer acknowledges.
    package mutating func finish(_ sender: Sender, with payload: [UInt8] = []) {
        add(sender, [.fin, .ack], payload)
        acknowledge(from: sender.peer)
    }

    package mutating func finish() {
        finish(.client)
        finish(.server)
    }

    package mutating func reset(from sender: Sender) { add(sender, [.rst, .ack]) }

    /// Adds any segment; SYN, FIN and payload move the sender's sequence number.
    package mutating func add(
        _ sender: Sender, _ flags: TCPFlags, _ payload: [UInt8] = [], isAcknowledging: Bool = true
    ) {
        let number = next[sender] ?? SequenceNumber(0)
        let acknowledgment = next[sender.peer] ?? SequenceNumber(0)
        segments.append(
            ScriptedSegment(
                sender: sender, source: sender == .client ? client : server,
                destination: sender == .client ? server : client, sequenceNumber: number,
                acknowledgmentNumber: isAcknowledging ? acknowledgment : SequenceNumber(0), flags: flags,
                payload: payload, capturedLength: payload.count))
        let taken = payload.count + (flags.contains(.syn) ? 1 : 0) + (flags.contains(.fin) ? 1 : 0)
        next[sender] = number.advanced(by: taken)
    }
}
