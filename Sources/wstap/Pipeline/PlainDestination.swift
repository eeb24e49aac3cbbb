import TapAnalysis
import TapCore
import TapHTTP
import TapReports
import TapSources
import TapTransport
import TapWebSocket

/// Writes what WebSocket connections said as packets of TCP in the clear, whatever carried it: TLS, HTTP/2 or HTTP/3. It is written as
/// it comes, and so from what was observed: of a connection that lies in the clear there are no other packets than its frames' either.
final class PlainDestination: Destination {
    private struct Written {
        var connection: WrittenConnection
        let client: Direction
        /// What there is to say of it beside its first packet.
        var comment: String?
    }

    private var writer: CaptureWriter
    private var open: [Int: Written] = [:]
    /// Streams share their client's port; in the clear each needs one of its own.
    private var nextPort = PlainDestination.firstPort
    private static let firstPort: UInt16 = 49_152

    /// - Parameter path: a named pipe, or a file.
    init(path: String, interface: String) throws(CaptureError) {
        writer = try CaptureWriter(path: path, interface: interface)
        try writer.declare(interface, .raw)
        try writer.flush()
    }

    func write(_ observations: Observations, start: Timestamp) throws(OutputError) {
        for observation in observations.all {
            switch observation {
            case .handshake(let handshake): begin(handshake)
            case .frame(let frame): send(frame, observations.payload(of: frame))
            case .connection(let connection): end(connection)
            case .message, .finding, .tls: continue
            }
            guard let number = observation.connectionNumber else { continue }
            try writePackets(of: number)
            if case .connection = observation { open[number] = nil }
            if case .handshake(let handshake) = observation, !handshake.opensConnection { open[number] = nil }
        }
        try flush()
    }

    func finish(_ summary: Summary, dropped: UInt64) throws(OutputError) {
        try flush()
    }

    private func flush() throws(OutputError) {
        do throws(CaptureError) { try writer.flush() } catch { throw PlainDestination.error(error) }
    }

    /// Who reads the pipe may have read enough.
    private static func error(_ error: CaptureError) -> OutputError {
        error.isReaderGone ? .readerIsGone : .failed(error.description)
    }

    private func begin(_ handshake: Handshake) {
        var client = handshake.client
        if handshake.stream != nil {
            client = Endpoint(address: client.address, port: nextPort)
            nextPort = nextPort == .max ? PlainDestination.firstPort : nextPort + 1
        }
        let key = FlowKey(client, handshake.server)
        let direction: Direction = key.first == client ? .fromFirst : .fromSecond
        var connection = WrittenConnection(key, isStartKnown: false)
        for (head, sender) in [(handshake.request, direction), (handshake.response, direction.opposite)] {
            guard let head else { continue }
            let text = handshake.stream == nil ? head.plainText : head.plainText(of: handshake)
            connection.send(text.utf8.span.bytes, sender, in: PlainDestination.packet(head.packet, head.time))
        }
        open[handshake.connection] = Written(
            connection: connection, client: direction, comment: PlainDestination.comment(on: handshake))
    }

    /// What carried it, and what is not as it was sent.
    private static func comment(on handshake: Handshake) -> String? {
        let tls = handshake.tls.map { "read through \($0.version ?? "TLS")" }
        let stream = handshake.stream.map {
            "stream \($0.number) of \($0.transport.protocolName): its handshake is written as that of HTTP/1.1, its client's port is made up"
        }
        let parts = [tls, stream].compactMap(\.self)
        return parts.isEmpty ? nil : "wstap: \(parts.joined(separator: "; "))"
    }

    private func send(_ frame: Frame, _ payload: ArraySlice<UInt8>) {
        guard let direction = direction(of: frame.sender, in: frame.connection) else { return }
        var bytes = frame.header.bytes
        let key = frame.header.isMasked ? frame.header.maskingKey : 0
        let span = payload.span
        Masking.append(span.bytes, key: key, phase: 0, to: &bytes)
        let packet = PlainDestination.packet(frame.packet, frame.time)
        open[frame.connection]?.connection.send(bytes.span.bytes, direction, in: packet)
        let missing = Int(clamping: frame.header.payloadLength) - payload.count
        if missing > 0 { open[frame.connection]?.connection.skip(missing, direction) }
    }

    private func end(_ connection: Connection) {
        guard connection.close.endedBy.isEnd else { return }
        let packet = PlainDestination.packet(PacketNumber(0), connection.closed)
        let first = connection.close.endedBySender ?? .server
        for sender in [first, first.peer] {
            guard let direction = direction(of: sender, in: connection.number) else { continue }
            let end = DirectionEnd(.finished, isCaptured: true, isBehindHole: false, seen: [.bytes, .end])
            open[connection.number]?.connection.end(end, direction, in: packet)
        }
        open[connection.number]?.connection.close()
    }

    private func direction(of sender: Sender, in number: Int) -> Direction? {
        open[number].map { sender == .client ? $0.client : $0.client.opposite }
    }

    private func writePackets(of number: Int) throws(OutputError) {
        guard let packets = open[number]?.connection.packets, !packets.isEmpty else { return }
        open[number]?.connection.removePackets()
        do throws(CaptureError) {
            for packet in packets {
                let comment = open[number]?.comment.take()
                try writer.write(
                    packet.header, packet.bytes.span.bytes,
                    comments: [comment.map { Array($0.utf8) }].compactMap(\.self))
            }
        } catch {
            throw PlainDestination.error(error)
        }
    }

    private static func packet(_ number: PacketNumber, _ time: Timestamp) -> PacketHeader {
        PacketHeader(number: number, timestamp: time, linkType: .raw, originalLength: 0)
    }
}

extension HTTPHead {
    /// The head as HTTP/1.1 has it.
    fileprivate var plainText: String { startText + "\r\n" + lines(fields.all) }

    /// What the head of a stream would be in HTTP/1.1: programs that read that know WebSocket by its fields.
    fileprivate func plainText(of handshake: Handshake) -> String {
        let others = fields.all.filter { !$0.name.hasPrefix(":") }
        let upgrade = [HTTPField(name: "Upgrade", value: "websocket"), HTTPField(name: "Connection", value: "Upgrade")]
        switch startLine {
        case .request(_, let target, _):
            let own = [
                HTTPField(name: "Host", value: host ?? ""),
                HTTPField(name: "Sec-WebSocket-Key", value: HTTPHead.exampleKey),
            ]
            return "GET \(target) HTTP/1.1\r\n" + lines(own + upgrade + others)
        case .response(_, let status, _):
            guard handshake.isAgreed else { return "HTTP/1.1 \(status) \r\n" + lines(others) }
            let accept = HTTPField(name: "Sec-WebSocket-Accept", value: AcceptKey.expected(for: HTTPHead.exampleKey))
            return "HTTP/1.1 101 Switching Protocols\r\n" + lines(upgrade + [accept] + others)
        }
    }

    /// That of RFC 6455 §1.3: streams have none.
    private static let exampleKey = "dGhlIHNhbXBsZSBub25jZQ=="

    private func lines(_ fields: [HTTPField]) -> String {
        fields.map { "\($0.name): \($0.value)\r\n" }.joined() + "\r\n"
    }
}
