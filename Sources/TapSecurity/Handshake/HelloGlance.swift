import TapCore

/// What a connection of TLS 1.3 that cannot be decrypted tells: the two hellos, and whether an alert follows.
package enum HelloGlance {
    private static let clientHello: UInt8 = 1
    private static let serverHello: UInt8 = 2

    /// Whether the bytes are one record with one ClientHello, and nothing else.
    package static func isClientHello(_ bytes: RawSpan) -> Bool {
        guard bytes.byteCount > RecordHeader.length, bytes.uint8(at: 0) == ContentType.handshake else { return false }
        return message(clientHello, in: bytes)?.recordLength == bytes.byteCount
    }

    /// What is known of a connection whose directions begin with these bytes, and why it is not read; `nil` where the hellos do
    /// not tell all: of another version, or where more than encrypted records follows.
    package static func facts(client: RawSpan, server: RawSpan) -> Answered? {
        guard let greeting = message(clientHello, in: client),
            let asked = ClientHello(client.body(of: greeting), isOutline: true),
            let answer = message(serverHello, in: server),
            let chosen = ServerHello(server.body(of: answer), isOutline: true),
            chosen.version == .tls13, !chosen.isRetryRequest,
            carriesOnlyEncrypted(server.from(answer.recordLength))
        else { return nil }
        var facts = TLSFacts()
        facts.version = chosen.version
        facts.suite = chosen.suite
        facts.serverName = asked.serverName
        facts.applicationProtocol = chosen.applicationProtocol
        facts.clientRandom = asked.random
        return Answered(
            facts: facts, reason: chosen.suite.protection == nil ? .cipherUnsupported : .noKey,
            alertLength: asked.offersEarlyData ? nil : chosen.suite.encryptedAlertLength)
    }

    /// A connection whose hellos are known.
    package struct Answered {
        package let facts: TLSFacts
        /// Why it is not read.
        package let reason: TLSUnreadReason
        /// Of an encrypted alert of the client; `nil` where it may send early data, which may be as short.
        fileprivate let alertLength: Int?

        /// What the client sends next, whose handshake is to end.
        package func answer(_ bytes: RawSpan) -> ClientAnswer {
            var offset = 0
            while let header = RecordHeader(bytes, at: offset) {
                switch header.type {
                case ContentType.changeCipherSpec: offset += header.recordLength
                case ContentType.alert where header.recordLength <= bytes.byteCount - offset:
                    let body = bytes.from(offset + RecordHeader.length).upTo(header.bodyLength)
                    return TLSAlert(body).map(ClientAnswer.alert) ?? .other
                case ContentType.applicationData where header.bodyLength == alertLength: return .encryptedAlert
                case _: return .other
                }
            }
            return offset == bytes.byteCount ? .toCome : .other
        }
    }

    /// What a client says to a server's first records.
    package enum ClientAnswer: Equatable {
        case alert(TLSAlert)
        case encryptedAlert
        /// Nothing that means anything.
        case toCome
        case other
    }

    /// The header of a whole record with one message of a type, and nothing else. RFC 8446 §4.
    private static func message(_ type: UInt8, in bytes: RawSpan) -> RecordHeader? {
        guard let header = RecordHeader(bytes), header.type == ContentType.handshake, header.bodyLength > 4,
            header.recordLength <= bytes.byteCount
        else { return nil }
        let length = Int(bytes.uint32(at: RecordHeader.length) & 0xFF_FFFF)
        return bytes.uint8(at: RecordHeader.length) == type && length == header.bodyLength - 4 ? header : nil
    }

    /// Whether there are only records that nobody can read without keys, or that mean nothing (RFC 8446 §5), and the beginning
    /// of one.
    private static func carriesOnlyEncrypted(_ bytes: RawSpan) -> Bool {
        var offset = 0
        while offset < bytes.byteCount {
            let type = bytes.uint8(at: offset)
            guard type == ContentType.applicationData || type == ContentType.changeCipherSpec else { return false }
            guard offset + RecordHeader.length <= bytes.byteCount else { return true }
            guard let header = RecordHeader(bytes, at: offset) else { return false }
            offset += header.recordLength
        }
        return true
    }
}

extension RawSpan {
    /// The body of the handshake message that is all of a record.
    @_lifetime(copy self)
    fileprivate func body(of record: RecordHeader) -> RawSpan {
        from(RecordHeader.length + 4).upTo(record.bodyLength - 4)
    }
}
