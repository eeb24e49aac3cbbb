import TapCore

/// Records of a direction whose peer's hello is not in the capture.
extension TLSConnection {
    func beginWithoutServerHello(
        for record: RawSpan, _ direction: TLSDirection, _ context: TLSContext
    ) -> Bool {
        let number = direction.rawValue
        guard clientHello != nil else {
            // Neither hello: where the log has secrets of TLS 1.3, one of them may be that of this connection.
            guard context.keysMayCome || context.keyLog.hasTrafficSecrets else {
                return ignore(direction, because: .handshakeNotCaptured)
            }
            halves[number].stage = .waiting(.search)
            mayGoOn = true
            return false
        }
        if direction == client, awaitsSecondHello { return false }
        let isPeerSilent = direction == client && !halves[direction.opposite.rawValue].hasInput
        if isPeerSilent || direction != client, opensAlone(record, direction, context) { return true }
        halves[number].stage = .waiting(.serverHello)
        return false
    }

    /// The same with the records that wait: where only secrets for application data are known, the first ones do not open.
    func opensAlone(_ direction: TLSDirection, _ context: TLSContext) -> Bool {
        guard clientHello != nil, let beginning = held?.beginning(of: direction) else { return false }
        let bytes = beginning.span.bytes
        var offset = 0
        for _ in 0...context.limits.handshakeRecords {
            guard let header = RecordHeader(bytes, at: offset), offset + header.recordLength <= bytes.byteCount else {
                return false
            }
            if opensAlone(bytes.from(offset).upTo(header.recordLength), direction, context) { return true }
            offset += header.recordLength
        }
        return false
    }

    /// Tries the suites that the client offers on a record, where the log has secrets of TLS 1.3 for its hello.
    private func opensAlone(_ record: RawSpan, _ direction: TLSDirection, _ context: TLSContext) -> Bool {
        guard let clientHello, let found = context.keyLog.session(of: clientHello.random) else { return false }
        let isClient = direction == client
        let labels: [(KeyLogLabel, TLSHalf.Epoch)] = [
            (isClient ? .clientHandshakeTraffic : .serverHandshakeTraffic, .handshake),
            (isClient ? .clientTraffic : .serverTraffic, .application),
        ]
        for suite in CipherSuite.ofTLS13 where clientHello.suites.contains(suite) {
            for (label, epoch) in labels {
                guard let secret = context.keyLog.secret(label, of: found),
                    secret.count == suite.protection?.hash.length,
                    var key = RecordKey(version: .tls13, suite: suite, secret: secret)
                else { continue }
                let missing = UInt64(halves[direction.rawValue].missingBytes / RecordHeader.shortestEncrypted)
                guard find(record, with: &key, from: 0, count: missing + 1, context) != nil else { continue }
                adopt(found, context)
                facts.version = .tls13
                facts.suite = suite
                return protect(direction, with: key, epoch)
            }
        }
        return false
    }
}
