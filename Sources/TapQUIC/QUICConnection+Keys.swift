import TapCore
import TapSecurity

/// The handshake, and which keys come out of it.
extension QUICConnection {
    func takeCrypto(
        _ bytes: RawSpan, at offset: UInt64, _ number: UInt64, _ level: QUICLevel, _ direction: Direction,
        _ packet: PacketHeader, _ context: TLSContext, _ sink: inout some QUICSink & ~Copyable
    ) {
        let index = Int(direction.rawValue)
        // What comes after the handshake are tickets.
        guard level == .initial || level == .handshake, offset <= QUICConnection.longestHandshake else { return }
        if let range = halves[index].crypto[level.rawValue].take(bytes, at: offset) {
            halves[index].messages[level.rawValue].receive(bytes.extracting(range))
            while let piece = halves[index].crypto[level.rawValue].takeHeld() {
                halves[index].messages[level.rawValue].receive(piece.bytes.span.bytes)
            }
        }
        if halves[index].crypto[level.rawValue].cost < QUICConnection.mostHeldHandshake,
            halves[index].crypto[level.rawValue].costOfHolding(bytes.byteCount, at: offset) > 0
        {
            halves[index].crypto[level.rawValue].hold(bytes, at: offset, in: packet, number: number)
        }
        while let message = halves[index].messages[level.rawValue].next() {
            take(message, direction, packet, context, &sink)
        }
    }

    /// In bytes; the longest that was heard of have certificates of 100 KB.
    private static let longestHandshake: UInt64 = 1 << 20
    private static let mostHeldHandshake = 1 << 16

    private func take(
        _ message: HandshakeMessage, _ direction: Direction, _ packet: PacketHeader, _ context: TLSContext,
        _ sink: inout some QUICSink & ~Copyable
    ) {
        switch message {
        case .clientHello(let hello) where clientHello == nil && direction == client:
            clientHello = hello
            facts.tls.serverName = hello.serverName
            facts.tls.clientRandom = hello.random
            facts.offeredProtocols = hello.applicationProtocols
            searchedSecrets = context.keyLog.count
            establish(context)
            sink.found(.hello, on: direction, in: packet)
        case .serverHello(let hello) where !hello.isRetryRequest && serverHello == nil && direction != client:
            serverHello = hello
            facts.tls.suite = hello.suite
            mayGoOn = true
        case .encryptedExtensions(let extensions) where direction != client:
            facts.tls.applicationProtocol = extensions.applicationProtocol
            acceptsEarlyData = extensions.acceptsEarlyData
            mayGoOn = true
        case .clientHello, .serverHello, .encryptedExtensions, .endOfEarlyData, .newSessionTicket, .clientKeyExchange,
            .finished, .keyUpdate, .other:
            break
        }
    }

    /// Looks for the session of the client's hello in the key log.
    func establish(_ context: TLSContext) {
        guard session == nil, let clientHello, let found = context.keyLog.session(of: clientHello.random) else {
            return
        }
        session = found
        context.keyLog.use(found)
        facts.tls.secretRandom = context.keyLog.random(of: found)
        facts.tls.keys = TLSFacts.Keys(context.keyLog.source(of: found))
        mayGoOn = true
    }

    /// Makes the keys of a level, where there is a secret and it is known which suite they are for.
    func deriveKeys(_ level: QUICLevel, _ direction: Direction, _ context: TLSContext) {
        guard let suite = facts.tls.suite, QUICConnection.isRead(suite) else { return }
        halves[Int(direction.rawValue)].keys[level.rawValue] = keys(level, direction, suite, facts.version, context)
    }

    private func keys(
        _ level: QUICLevel, _ direction: Direction, _ suite: CipherSuite, _ version: QUICVersion?,
        _ context: TLSContext
    ) -> QUICKeys? {
        guard let session, let schedule = version?.schedule, let hash = suite.protection?.hash else { return nil }
        let isClient = direction == client
        let label: KeyLogLabel
        switch level {
        case .initial: return nil
        case .early where isClient: label = .clientEarlyTraffic
        case .early: return nil
        case .handshake: label = isClient ? .clientHandshakeTraffic : .serverHandshakeTraffic
        case .application: label = isClient ? .clientTraffic : .serverTraffic
        }
        guard let secret = context.keyLog.secret(label, of: session), secret.count == hash.length else { return nil }
        return QUICKeys(suite, secret, schedule)
    }

    /// The suite that the server chose was not captured, or early data have that of an earlier session: tries all on a packet.
    func guessSuite(
        _ bytes: RawSpan, _ header: QUICLongHeader, _ level: QUICLevel, _ direction: Direction, _ context: TLSContext
    ) {
        guard facts.tls.suite == nil || level == .early, session != nil, tries < limits.tries else { return }
        tries += 1
        for suite in CipherSuite.ofTLS13 where QUICConnection.isRead(suite) {
            guard var keys = keys(level, direction, suite, header.version, context),
                let bare = QUICBarePacket(bytes, numberOffset: header.numberOffset, keys.headers)
            else { continue }
            let number = bare.number(near: halves[Int(direction.rawValue)].highest[level.space].map { $0 + 1 } ?? 0)
            let payload = bytes.from(bare.header.count)
            guard context.ciphers.open(payload, header: bare.header.span.bytes, with: &keys.key, number: number) != nil
            else { continue }
            halves[Int(direction.rawValue)].keys[level.rawValue] = keys
            if facts.tls.suite == nil, level != .early { facts.tls.suite = suite }
            return
        }
    }
}
