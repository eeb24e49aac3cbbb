import TapCore
import TapHTTP
import TapWebSocket

/// A connection of HTTP/2 in the clear, with streams that are WebSocket and others. RFC 8441.
package struct Multiplexed: Sendable {
    package var conversation: Conversation
    private var encoders = [Sender.client: HTTP2FieldEncoder(), .server: HTTP2FieldEncoder()]
    /// How many frames were sent: each of the client has another masking key.
    private var frames: UInt32 = 0

    /// - Parameter isEnabled: whether the server says that it knows the extended CONNECT.
    package init(_ conversation: Conversation = .opened, isEnabled: Bool = true) {
        self.conversation = conversation
        let wide: [(UInt16, UInt32)] = [(4, 0x7FFF_FFFF)]
        let grant = HTTP2Bytes.windowUpdate(0x7FFF_FFFF - 65_535)
        self.conversation.send(HTTP2Bytes.preface + HTTP2Bytes.settings(wide) + grant, from: .client)
        self.conversation.send(
            HTTP2Bytes.settings(wide + (isEnabled ? [(8, 1)] : [])) + HTTP2Bytes.acknowledgement + grant, from: .server)
        self.conversation.send(HTTP2Bytes.acknowledgement, from: .client)
    }

    /// The fields of a request for WebSocket, as a client of RFC 8441 sends them in place of a head of HTTP/1.1.
    package static func request(_ head: HandshakeBytes.Head, path: String = "/chat") -> [HTTP2FieldEncoder.Field] {
        let host = head.fields.first { HTTPText.equalsIgnoringCase($0.name, "Host") }?.value ?? "server.example.com"
        return [
            (":method", "CONNECT"), (":protocol", "websocket"), (":scheme", "https"), (":path", path),
            (":authority", host),
        ] + rest(of: head)
    }

    package static func response(_ head: HandshakeBytes.Head, status: String = "200") -> [HTTP2FieldEncoder.Field] {
        [(":status", status)] + rest(of: head)
    }

    /// What has a meaning in HTTP/2.
    private static func rest(of head: HandshakeBytes.Head) -> [HTTP2FieldEncoder.Field] {
        let left = ["host", "upgrade", "connection", "sec-websocket-key", "sec-websocket-accept"]
        return head.fields.map { ($0.name.lowercased(), $0.value) }.filter { !left.contains($0.0) }
    }

    /// The bytes of a header block in frames.
    package mutating func headers(
        _ fields: [HTTP2FieldEncoder.Field], on stream: UInt32, from sender: Sender, ends: Bool = false
    ) -> [UInt8] {
        let block = encoders[sender]?.block(fields) ?? []
        return HTTP2Bytes.headers(block, on: stream, ends: ends)
    }

    package mutating func send(
        headers fields: [HTTP2FieldEncoder.Field], on stream: UInt32, from sender: Sender, ends: Bool = false
    ) {
        conversation.send(headers(fields, on: stream, from: sender, ends: ends), from: sender)
    }

    /// Opens a stream that is WebSocket.
    package mutating func upgrade(
        _ stream: UInt32, _ handshake: HandshakeBytes = HandshakeBytes(), path: String = "/chat"
    ) {
        send(headers: Self.request(handshake.request, path: path), on: stream, from: .client)
        send(headers: Self.response(handshake.response), on: stream, from: .server)
    }

    /// An ordinary request and its response.
    package mutating func get(_ stream: UInt32, _ path: String = "/") {
        let request = [(":method", "GET"), (":scheme", "https"), (":authority", "server.example.com"), (":path", path)]
        send(headers: request, on: stream, from: .client, ends: true)
        conversation.send(
            headers([(":status", "200"), ("content-type", "text/plain")], on: stream, from: .server)
                + HTTP2Bytes.data(Array("GET / HTTP/1.1\r\nUpgrade: websocket\r\n\r\n".utf8), on: stream, ends: true),
            from: .server)
    }

    /// Sends bytes as DATA of at most `size`.
    package mutating func send(_ bytes: [UInt8], on stream: UInt32, from sender: Sender, size: Int = 16_384) {
        for start in stride(from: 0, to: bytes.count, by: size) {
            let part = Array(bytes[start..<min(start + size, bytes.count)])
            conversation.send(HTTP2Bytes.data(part, on: stream), from: sender)
        }
    }

    /// Sends a frame of WebSocket, masked where the client sends it.
    package mutating func send(_ frame: FrameBytes, on stream: UInt32, from sender: Sender, size: Int = 16_384) {
        frames += 1
        let key = 0x37FA_213D &+ frames &* 0x9E37_79B9
        let masked = sender == .client && frame.maskingKey == nil ? frame.with { $0.maskingKey = key } : frame
        send(masked.sent(by: sender).bytes, on: stream, from: sender, size: size)
    }

    package mutating func end(_ stream: UInt32, _ sender: Sender) {
        conversation.send(HTTP2Bytes.data([], on: stream, ends: true), from: sender)
    }

    package mutating func reset(_ stream: UInt32, _ sender: Sender, _ code: UInt32 = 8) {
        conversation.send(HTTP2Bytes.reset(stream, code), from: sender)
    }

    /// Closes as RFC 6455 §7.1.2 has it, with END_STREAM in place of FIN.
    package mutating func close(_ stream: UInt32, by sender: Sender, _ code: UInt16 = 1000) {
        send(FrameBytes(closing: code), on: stream, from: sender)
        send(FrameBytes(closing: code), on: stream, from: sender.peer)
        end(stream, .server)
        end(stream, .client)
    }
}

extension HandshakeBytes.Head {
    /// What a request asks for.
    fileprivate var target: String { startLine.split(separator: " ").dropFirst().first.map(String.init) ?? "" }
}

extension [ScriptedSegment] {
    /// The same conversation in a stream of HTTP/2, each payload in frames of its own; `nil` where segments are missing, cut, repeated
    /// or out of order, or where it does not begin with the request and the 101 of `HandshakeBytes`.
    /// - Parameter size: the most bytes in a frame of DATA.
    package func multiplexed(_ handshake: HandshakeBytes = HandshakeBytes(), size: Int = 16_384) -> [ScriptedSegment]? {
        guard let first, first.sender == .client, first.flags.contains(.syn) else { return nil }
        var expected: [Sender: SequenceNumber] = [:]
        var carrier = Multiplexed()
        var heads = [Sender.client: handshake.request, .server: handshake.response]
        var ended: Set<Sender> = []
        // Segments up to there have their times.
        var timed = 0
        for segment in self {
            guard segment.capturedLength == segment.payload.count, ended.count < 2 || segment.payload.isEmpty,
                expected[segment.sender, default: segment.sequenceNumber] == segment.sequenceNumber
            else { return nil }
            let taken = segment.payload.count + (segment.flags.isDisjoint(with: [.syn, .fin]) ? 0 : 1)
            expected[segment.sender] = segment.sequenceNumber.advanced(by: taken)
            if !segment.payload.isEmpty {
                var payload = segment.payload
                if let head = heads.removeValue(forKey: segment.sender) {
                    guard payload.starts(with: head.bytes), segment.sender == .client || heads.isEmpty else {
                        return nil
                    }
                    let fields =
                        segment.sender == .client
                        ? Multiplexed.request(head, path: head.target) : Multiplexed.response(head)
                    carrier.send(headers: fields, on: 1, from: segment.sender)
                    payload.removeFirst(head.bytes.count)
                }
                carrier.send(payload, on: 1, from: segment.sender, size: size)
            }
            if segment.flags.contains(.rst) {
                carrier.reset(1, segment.sender)
                ended = [.client, .server]
            } else if segment.flags.contains(.fin) {
                carrier.end(1, segment.sender)
                ended.insert(segment.sender)
            }
            for place in timed..<carrier.conversation.segments.count {
                carrier.conversation.segments[place].nanoseconds = segment.nanoseconds
            }
            timed = carrier.conversation.segments.count
        }
        if ended.count == 2 { carrier.conversation.finish() }
        return heads.isEmpty ? carrier.conversation.segments : nil
    }

    /// The same with other ends of segments: each holds at most so many bytes.
    package func recut(_ size: Int) -> [ScriptedSegment] {
        flatMap { segment in
            guard segment.payload.count > size else { return [segment] }
            return stride(from: 0, to: segment.payload.count, by: size).map {
                segment.piece($0..<Swift.min($0 + size, segment.payload.count))
            }
        }
    }
}
