import TapCore

/// Where master secrets come from: TLS 1.2 and before.
extension TLSConnection {
    struct Master {
        let secret: Secret
        let source: TLSFacts.Keys
        /// The random of the hello under which the secret was made.
        let origin: ClientRandom
        let session: KeyLog.Session?
    }

    /// The secrets that may be that of this connection, the likelier ones first. Which it is, the first record tells.
    func masters(_ context: TLSContext) -> [Master] {
        guard let clientHello, let serverHello else { return [] }
        let log = context.keyLog
        var masters: [Master] = []
        if let master = logged(clientHello.random, context) { masters.append(master) }
        if let session = log.session(of: clientHello.random), let premaster = log.secret(.premaster, of: session),
            let secret = master(from: premaster)
        {
            let source = TLSFacts.Keys(log.source(of: session))
            masters.append(Master(secret: secret, source: source, origin: clientHello.random, session: session))
        }
        if let secret = premasterOfKeyExchange(context) {
            masters.append(
                Master(secret: secret.0, source: secret.1, origin: clientHello.random, session: nil))
        }
        for name in [serverHello.sessionID, clientHello.sessionTicket] {
            guard let earlier = context.session(name) else { continue }
            if let master = logged(earlier.random, context) { masters.append(master) }
            if let secret = earlier.master {
                masters.append(Master(secret: secret, source: .keyLog, origin: earlier.random, session: nil))
            }
        }
        if let found = log.master(ofSessionID: serverHello.sessionID) {
            let source = TLSFacts.Keys(found.source)
            masters.append(Master(secret: found.secret, source: source, origin: clientHello.random, session: nil))
        }
        return masters
    }

    private func logged(_ random: ClientRandom, _ context: TLSContext) -> Master? {
        guard let session = context.keyLog.session(of: random),
            let secret = context.keyLog.secret(.clientRandom, of: session)
        else { return nil }
        let source = TLSFacts.Keys(context.keyLog.source(of: session))
        return Master(secret: secret, source: source, origin: random, session: session)
    }

    /// The master secret where the client sent its premaster secret encrypted with an RSA key. RFC 5246 §7.4.7.1.
    private func premasterOfKeyExchange(_ context: TLSContext) -> (Secret, TLSFacts.Keys)? {
        guard let clientKeyExchange, serverHello?.suite.usesRSAKeyExchange == true else { return nil }
        var reader = ByteReader(clientKeyExchange.span.bytes)
        guard let encrypted = reader.vector(lengthBytes: 2) else { return nil }
        if let found = context.keyLog.premaster(encrypted: encrypted), let secret = master(from: found.secret) {
            return (secret, TLSFacts.Keys(found.source))
        }
        for key in context.rsaKeys {
            if let premaster = key.premaster(encrypted: encrypted), let secret = master(from: premaster) {
                return (secret, .rsaKey)
            }
        }
        return nil
    }

    /// RFC 5246 §8.1, or RFC 7627 §4 where both peers do so.
    private func master(from premaster: Secret) -> Secret? {
        guard let clientHello, let serverHello, let protection = serverHello.suite.protection else { return nil }
        let hash: HashFunction? = serverHello.version == .tls12 ? protection.hash : nil
        var secret: [UInt8]
        if serverHello.hasExtendedMasterSecret {
            guard let digest = sessionHash(hash) else { return nil }
            secret = KeyDerivation.pseudorandom(
                hash, premaster.bytes, label: "extended master secret", seed: digest, count: 48)
        } else {
            let seed = clientHello.random.bytes + serverHello.random.bytes
            secret = KeyDerivation.pseudorandom(hash, premaster.bytes, label: "master secret", seed: seed, count: 48)
        }
        return Secret(wiping: &secret)
    }

    /// The hash of the handshake's messages up to the client's key exchange. RFC 7627 §3.
    private func sessionHash(_ hash: HashFunction?) -> [UInt8]? {
        guard let client else { return nil }
        let own = halves[client.rawValue].transcript
        let peer = halves[client.opposite.rawValue].transcript
        // The client's hello, the server's messages up to type 14, and the client's up to type 16: a ticket may follow.
        guard let hello = Self.end(ofMessage: 1, in: own), let exchange = Self.end(ofMessage: 16, in: own),
            let done = Self.end(ofMessage: 14, in: peer)
        else { return nil }
        let messages = own[..<hello] + peer[..<done] + own[hello..<max(exchange, hello)]
        let functions: [HashFunction] = hash.map { [$0] } ?? [.md5, .sha1]
        return functions.flatMap { function in
            var state = HashState(function)
            state.update(Array(messages).span.bytes)
            let digest = state.finish()
            return [UInt8](digest.span.bytes.upTo(function.length))
        }
    }

    /// Where the first message of a type ends among whole ones.
    private static func end(ofMessage type: UInt8, in messages: [UInt8]) -> Int? {
        var offset = 0
        while offset + 4 <= messages.count {
            let length = Int(messages[offset + 1]) << 16 | Int(messages[offset + 2]) << 8 | Int(messages[offset + 3])
            let end = offset + 4 + length
            guard end <= messages.count else { return nil }
            if messages[offset] == type { return end }
            offset = end
        }
        return nil
    }
}
