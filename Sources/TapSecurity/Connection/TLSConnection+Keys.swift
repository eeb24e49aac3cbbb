import TapCore

/// Which keys a direction's records have.
extension TLSConnection {
    /// Sets up what opens a record that is not in the clear. Returns `false` where it cannot be opened, or must wait.
    func beginProtection(for record: RawSpan, _ direction: TLSDirection, _ context: TLSContext) -> Bool {
        guard let serverHello else { return beginWithoutServerHello(for: record, direction, context) }
        guard serverHello.version.isRead, serverHello.suite.protection != nil else {
            return ignore(direction, because: .cipherUnsupported)
        }
        return serverHello.version == .tls13
            ? beginTLS13(for: record, direction, context) : beginTLS12(for: record, direction, context)
    }

    /// The keys that may come after those of now, where what tells so was not seen.
    func laterKeys(
        of direction: TLSDirection, afterLoss: Bool, _ context: TLSContext
    ) -> [(RecordKey, TLSHalf.Epoch)] {
        guard let protection = halves[direction.rawValue].protection, protection.key.version == .tls13 else {
            return []
        }
        var later: [(RecordKey, TLSHalf.Epoch)] = []
        if protection.epoch == .early, let key = trafficKey(.handshake, direction, context) {
            later.append((key, .handshake))
        }
        if protection.epoch != .application, let key = trafficKey(.application, direction, context) {
            later.append((key, .application))
        }
        if protection.epoch == .application, protection.isProven || afterLoss, let key = protection.key.next {
            later.append((key, .application))
        }
        return later
    }

    /// A key of TLS 1.3 out of the log.
    func trafficKey(_ epoch: TLSHalf.Epoch, _ direction: TLSDirection, _ context: TLSContext) -> RecordKey? {
        guard let session, let suite = serverHello?.suite ?? facts.suite, let hash = suite.protection?.hash else {
            return nil
        }
        let isClient = direction == client
        let label: KeyLogLabel =
            switch epoch {
            case .early: .clientEarlyTraffic
            case .handshake: isClient ? .clientHandshakeTraffic : .serverHandshakeTraffic
            case .application: isClient ? .clientTraffic : .serverTraffic
            }
        guard let secret = context.keyLog.secret(label, of: session), secret.count == hash.length else { return nil }
        return RecordKey(version: .tls13, suite: suite, secret: secret)
    }

    /// Why there is no key.
    func missingKeyReason(_ context: TLSContext) -> TLSUnreadReason {
        if let clientHello, clientHello.hasEncryptedClientHello,
            let outer = context.keyLog.session(of: clientHello.random),
            context.keyLog.secret(.encryptedClientHello, of: outer) != nil
        {
            return .encryptedClientHello
        }
        if clientHello == nil {
            return halves[0].missingBytes + halves[1].missingBytes > 0 ? .bytesMissing : .handshakeNotCaptured
        }
        return .noKey
    }

    /// Whether new secrets may be those that a direction waits for.
    func findsKeys(for direction: TLSDirection, _ context: TLSContext) -> Bool {
        guard let clientHello, !clientHello.hasEncryptedClientHello else { return true }
        if serverHello?.version == .tls13 { return context.keyLog.session(of: clientHello.random) != nil }
        return !masters(context).isEmpty
    }

    func ignore(_ direction: TLSDirection, because reason: TLSUnreadReason) -> Bool {
        halves[direction.rawValue].stage = .ignored(reason)
        return false
    }

    /// Waits for keys, or where none can come any more ignores what follows.
    func awaitKeys(
        _ direction: TLSDirection, else reason: TLSUnreadReason, _ context: TLSContext
    ) -> Bool {
        guard context.keysMayCome else { return ignore(direction, because: reason) }
        halves[direction.rawValue].searchedSecrets = context.keyLog.count
        halves[direction.rawValue].stage = .waiting(.keys)
        return false
    }

    func protect(_ direction: TLSDirection, with key: RecordKey, _ epoch: TLSHalf.Epoch) -> Bool {
        halves[direction.rawValue].protection = TLSHalf.Protection(key: key, epoch: epoch)
        halves[direction.rawValue].stage = .protected
        return true
    }

    // MARK: TLS 1.3

    private func beginTLS13(for record: RawSpan, _ direction: TLSDirection, _ context: TLSContext) -> Bool {
        findSession(context)
        noteLength(of: record, direction)
        if session == nil || trafficKey(.application, direction, context) == nil,
            clientHello?.hasEncryptedClientHello ?? true
        {
            adoptUnused(for: record, direction, context)
        }
        let number = direction.rawValue
        guard session != nil else {
            // Where only secrets for application data are known, the first records do not open.
            if !context.keysMayCome, context.keyLog.hasTrafficSecrets, clientHello?.hasEncryptedClientHello ?? true,
                halves[number].recordsUnread < context.limits.handshakeRecords
            {
                return false
            }
            return awaitKeys(direction, else: missingKeyReason(context), context)
        }
        if direction == client, clientHello?.offersEarlyData == true, !halves[number].isHandshakeDone,
            let early = trafficKey(.early, direction, context)
        {
            if encryptedExtensions?.acceptsEarlyData == true { return protect(direction, with: early, .early) }
            // What is sent early counts only if the server takes it, which it says under encryption.
            if encryptedExtensions == nil, trafficKey(.handshake, direction.opposite, context) != nil,
                !halves[direction.opposite.rawValue].stage.isIgnored,
                !halves[direction.opposite.rawValue].lacksHandshake
            {
                halves[number].stage = .waiting(.acceptance)
                mayGoOn = encryptedExtensions != nil
                return false
            }
        }
        if !halves[number].isHandshakeDone, let key = trafficKey(.handshake, direction, context) {
            return protect(direction, with: key, .handshake)
        }
        if let key = trafficKey(.application, direction, context) { return protect(direction, with: key, .application) }
        return awaitKeys(direction, else: missingKeyReason(context), context)
    }

    /// Looks whether the first record that the client encrypts is an alert: where there is no key, its length tells.
    private func noteLength(of record: RawSpan, _ direction: TLSDirection) {
        let number = direction.rawValue
        guard direction == client, clientHello?.offersEarlyData == false, halves[number].recordsUnread == 0,
            halves[number].missingBytes == 0,
            let length = serverHello?.suite.encryptedAlertLength
        else { return }
        hasEncryptedAlert = record.byteCount == RecordHeader.length + length
    }

    private func findSession(_ context: TLSContext) {
        guard session == nil, let clientHello, let found = context.keyLog.session(of: clientHello.random) else {
            return
        }
        adopt(found, context)
    }

    func adopt(_ found: KeyLog.Session, _ context: TLSContext) {
        session = found
        facts.secretRandom = context.keyLog.random(of: found)
        context.keyLog.use(found)
        facts.keys = TLSFacts.Keys(context.keyLog.source(of: found))
    }

    /// Tries the secrets that belong to no captured hello on the first record: the inner hello of an encrypted one has a random
    /// that nobody sees, and a hello may not be in the capture.
    private func adoptUnused(for record: RawSpan, _ direction: TLSDirection, _ context: TLSContext) {
        guard let suite = serverHello?.suite, let hash = suite.protection?.hash else { return }
        let labels: [KeyLogLabel] =
            direction == client
            ? [.clientHandshakeTraffic, .clientTraffic] : [.serverHandshakeTraffic, .serverTraffic]
        var left = context.limits.helloSessions
        for index in stride(from: context.keyLog.count - 1, through: halves[direction.rawValue].searchedSecrets, by: -1)
        where left > 0 {
            guard let secret = context.keyLog.searchable(index), labels.contains(secret.label),
                secret.length == hash.length, !context.keyLog.isUsed(secret.session),
                secret.label == labels[0] || context.keyLog.secret(labels[0], of: secret.session) == nil
            else { continue }
            left -= 1
            guard let material = context.keyLog.secret(secret.label, of: secret.session),
                var key = RecordKey(version: .tls13, suite: suite, secret: material)
            else { continue }
            if find(record, with: &key, from: 0, count: 1, context) != nil {
                adopt(secret.session, context)
                facts.clientRandom = facts.clientRandom ?? context.keyLog.random(of: secret.session)
                return
            }
        }
    }

    // MARK: TLS 1.2 and before

    private func beginTLS12(for record: RawSpan, _ direction: TLSDirection, _ context: TLSContext) -> Bool {
        guard clientHello != nil else {
            return ignore(direction, because: missingKeyReason(context))
        }
        let masters = masters(context)
        let number = direction.rawValue
        let loss = halves[number].loss
        for master in masters {
            guard var key = recordKey(from: master.secret, direction) else { continue }
            let count = loss.map { $0.mostRecords + 1 } ?? 1
            let previousBlock = key.previousBlock
            guard find(record, with: &key, from: 0, count: count, context) != nil else { continue }
            key.previousBlock = previousBlock
            facts.keys = master.source
            facts.master = master.secret
            if let session = master.session { context.keyLog.use(session) }
            remember(master, context)
            halves[number].hasWrongKey = false
            key.sequence = 0
            return protect(direction, with: key, .application)
        }
        remember(nil, context)
        if loss != nil, !masters.isEmpty {
            // The first block of CBC in TLS 1.0 cannot be read behind a hole; the next record may open.
            guard let key = recordKey(from: masters[0].secret, direction) else { return false }
            return protect(direction, with: key, .application)
        }
        halves[number].hasWrongKey = !masters.isEmpty
        return awaitKeys(direction, else: masters.isEmpty ? missingKeyReason(context) : .wrongKey, context)
    }

    private func recordKey(from master: Secret, _ direction: TLSDirection) -> RecordKey? {
        guard let serverHello, let clientHello, let protection = serverHello.suite.protection else { return nil }
        let lengths = [protection.mac?.length ?? 0, protection.cipher.keyLength, protection.cipher.fixedIVLength]
        let seed = serverHello.random.bytes + clientHello.random.bytes
        // RFC 5246 §6.3: each part for the client, then for the server.
        var block = KeyDerivation.pseudorandom(
            serverHello.version == .tls12 ? protection.hash : nil, master.bytes, label: "key expansion", seed: seed,
            count: lengths.reduce(0, +) * 2)
        var material: [UInt8] = []
        var start = 0
        for length in lengths {
            let own = start + (direction == client ? 0 : length)
            material += block[own..<own + length]
            start += 2 * length
        }
        Secret.wipe(&block)
        return RecordKey(
            version: serverHello.version, suite: serverHello.suite, secret: Secret(wiping: &material),
            encryptsThenAuthenticates: serverHello.encryptsThenAuthenticates)
    }

    private func remember(_ master: Master?, _ context: TLSContext) {
        guard let clientHello, let serverHello else { return }
        let session = TLSContext.Resumable(random: master?.origin ?? clientHello.random, master: master?.secret)
        context.remember(serverHello.sessionID, session)
        context.remember(newTicket, session)
    }
}
