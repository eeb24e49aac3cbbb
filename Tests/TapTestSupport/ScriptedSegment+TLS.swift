import TapAnalysis
import TapCore
import TapSecurity
import TapWebSocket

extension [ScriptedSegment] {
    /// The same conversation inside TLS 1.3, each payload in records of its own; `nil` where segments are missing, cut, repeated
    /// or out of order, or where the connection does not begin with them.
    /// - Parameter recordSize: the most bytes of data in a record.
    package func secured(by session: SealedSession, recordSize: Int = 16_384) -> [ScriptedSegment]? {
        guard let first, first.sender == .client, first.flags.contains(.syn) else { return nil }
        var plain: [Sender: SequenceNumber] = [:]
        var secured = Conversation(
            client: first.source, server: first.destination, clientISN: first.sequenceNumber.rawValue)
        let sealers = [Sender.client: session.sealer(ofClient: true), .server: session.sealer(ofClient: false)]
        var numbers: [Sender: UInt64] = [:]
        var hasBegun = false
        // Segments up to there have their times.
        var timed = 0
        for segment in self {
            guard segment.capturedLength == segment.payload.count, let sealer = sealers[segment.sender],
                plain[segment.sender, default: segment.sequenceNumber] == segment.sequenceNumber
            else { return nil }
            if !segment.payload.isEmpty, !hasBegun {
                hasBegun = true
                secured.send(session.clientHello, from: .client)
                secured.send(session.serverHello, from: .server)
            }
            var records: [UInt8] = []
            for start in stride(from: 0, to: segment.payload.count, by: recordSize) {
                let data = [UInt8](segment.payload[start..<Swift.min(start + recordSize, segment.payload.count)])
                records += sealer.record(numbers[segment.sender, default: 0], data)
                numbers[segment.sender, default: 0] += 1
            }
            secured.add(segment.sender, segment.flags, records, isAcknowledging: segment.flags.contains(.ack))
            for place in timed..<secured.segments.count { secured.segments[place].nanoseconds = segment.nanoseconds }
            timed = secured.segments.count
            let taken = segment.payload.count + (segment.flags.isDisjoint(with: [.syn, .fin]) ? 0 : 1)
            plain[segment.sender] = segment.sequenceNumber.advanced(by: taken)
        }
        return secured.segments
    }
}

extension SealedSession {
    /// RFC 8446 §4.1.2, with the name `tls.example`.
    package var clientHello: [UInt8] {
        let name = Array("tls.example".utf8)
        let names = [0] + bigEndian(UInt16(name.count)) + name
        let extensions =
            Self.field(0, bigEndian(UInt16(names.count)) + names) + Self.field(43, [2, 3, 4])
        let body: [UInt8] =
            [3, 3] + random + [0, 0, 2] + bigEndian(suite.rawValue) + [1, 0] + bigEndian(UInt16(extensions.count))
            + extensions
        return Self.handshake(1, body)
    }

    /// RFC 8446 §4.1.3, with the protocol `http/1.1`, which stands here up to TLS 1.2 only.
    package var serverHello: [UInt8] {
        let name = Array("http/1.1".utf8)
        let extensions =
            Self.field(43, [3, 4]) + Self.field(16, bigEndian(UInt16(name.count + 1)) + [UInt8(name.count)] + name)
        let body: [UInt8] =
            [3, 3] + [UInt8](repeating: 9, count: 32) + [0] + bigEndian(suite.rawValue) + [0]
            + bigEndian(UInt16(extensions.count)) + extensions
        return Self.handshake(2, body)
    }

    private static func field(_ type: UInt16, _ content: [UInt8]) -> [UInt8] {
        bigEndian(type) + bigEndian(UInt16(content.count)) + content
    }

    private static func handshake(_ type: UInt8, _ body: [UInt8]) -> [UInt8] {
        [22, 3, 1] + bigEndian(UInt16(body.count + 4)) + [type, 0] + bigEndian(UInt16(body.count)) + body
    }
}

extension SealedSession: TLSSecretsSupply {
    /// A key log with the secrets of the session.
    package func secrets() -> [TLSSecrets] {
        var bytes = Array(keyLog.utf8)
        return [TLSSecrets(wiping: &bytes, from: .keyLog)]
    }
}
