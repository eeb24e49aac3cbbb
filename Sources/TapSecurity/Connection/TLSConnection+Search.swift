import TapCore

/// The secret and the number of a record whose handshake was not captured: both are found by trying, and the tag proves them.
extension TLSConnection {
    /// The search begins with a record of at most so many bytes, else with the shortest of several.
    private static let shortRecord = 512
    private static let manyRecords = 16
    private static let manyBytes = 1 << 18

    func findsBySearch(_ direction: TLSDirection, isLast: Bool, _ context: TLSContext) -> Bool {
        let number = direction.rawValue
        // The handshake came after all: in another order than it was sent in.
        if clientHello != nil || serverHello != nil { return true }
        if session == nil, context.keyLog.count <= halves[number].searchedSecrets { return false }
        guard let beginning = held?.beginning(of: direction) else { return false }
        let records = Self.records(in: beginning)
        guard let shortest = records.indices.min(by: { records[$0].count < records[$1].count }) else { return false }
        let isEnough =
            records[shortest].count <= Self.shortRecord || records.count >= Self.manyRecords
            || beginning.count >= Self.manyBytes || held?.isFull == true
        guard isLast || isEnough else { return false }
        let record = beginning.span.bytes.from(records[shortest].lowerBound).upTo(records[shortest].count)
        guard let hit = search(record, direction, context) else {
            if session != nil || !context.keysMayCome { halves[number].stage = .ignored(.handshakeNotCaptured) }
            return halves[number].stage.isIgnored
        }
        take(hit, direction, recordsBefore: UInt64(shortest), context)
        return true
    }

    /// Whether a secret opens a record that may begin here. What a tag proves needs no other record behind it.
    func opensBySearch(_ count: Int, on direction: TLSDirection, _ context: TLSContext) -> Bool {
        let number = direction.rawValue
        guard halves[number].stage == .clear, halves[number].lacksHandshake, count <= Self.shortRecord,
            clientHello == nil, serverHello == nil,
            session != nil
                || context.keyLog.hasTrafficSecrets
                    && context.keyLog.count > halves[number].searchedSecrets
        else { return false }
        guard let pending = halves[number].framing.pending, pending.bytes[pending.start] == ContentType.applicationData
        else { return false }
        let bytes = pending.bytes
        let hit = search(bytes.span.bytes.from(pending.start).upTo(count), direction, context)
        if let hit { take(hit, direction, recordsBefore: 0, context) }
        return hit != nil
    }

    private func search(_ record: RawSpan, _ direction: TLSDirection, _ context: TLSContext) -> Hit? {
        let hit: Hit?
        if let session, let suite = facts.suite {
            hit = searchNumber(record, direction, session, suite, context)
        } else {
            hit = searchSecret(record, direction, context)
        }
        if hit == nil { halves[direction.rawValue].searchedSecrets = context.keyLog.count }
        return hit
    }

    private struct Hit {
        let session: KeyLog.Session
        let isClient: Bool
        let key: RecordKey
        let number: UInt64
    }

    private func take(
        _ hit: Hit, _ direction: TLSDirection, recordsBefore: UInt64, _ context: TLSContext
    ) {
        session = hit.session
        client = hit.isClient ? direction : direction.opposite
        context.keyLog.use(hit.session)
        facts.keys = .search
        facts.secretRandom = context.keyLog.random(of: hit.session)
        facts.version = .tls13
        facts.suite = hit.key.suite
        facts.clientRandom = context.keyLog.random(of: hit.session)
        var key = hit.key
        // Records before a KeyUpdate do not open, and are counted.
        key.sequence = hit.number >= recordsBefore ? hit.number - recordsBefore : 0
        halves[direction.rawValue].loss = nil
        _ = protect(direction, with: key, .application)
        mayGoOn = true
    }

    /// Where the whole records of application data lie, from the first byte on.
    private static func records(in bytes: [UInt8]) -> [Range<Int>] {
        var records: [Range<Int>] = []
        var offset = 0
        while let header = RecordHeader(bytes.span.bytes, at: offset), header.type == ContentType.applicationData,
            offset + header.recordLength <= bytes.count
        {
            records.append(offset..<offset + header.recordLength)
            offset += header.recordLength
        }
        return records
    }

    // MARK: The number alone

    /// The secret is known by the other direction.
    private func searchNumber(
        _ record: RawSpan, _ direction: TLSDirection, _ session: KeyLog.Session, _ suite: CipherSuite,
        _ context: TLSContext
    ) -> Hit? {
        guard var key = trafficKey(.application, direction, context), var next = key.next else { return nil }
        var (low, high): (UInt64, UInt64) = (0, 1_024)
        while mayTry(context) {
            if let found = find(record, with: &key, from: low, count: high - low, context) {
                return Hit(session: session, isClient: direction == client, key: key, number: found.number)
            }
            if let found = find(record, with: &next, from: low / 4, count: (high - low) / 4, context) {
                return Hit(session: session, isClient: direction == client, key: next, number: found.number)
            }
            (low, high) = (high, high * 2)
        }
        return nil
    }

    // MARK: Secret and number

    /// One way to read a record, of which the likelier ones are tried with more numbers.
    private struct Way {
        let suite: CipherSuite
        let isClient: Bool
        /// Whether there was a KeyUpdate.
        let isNext: Bool
        /// How unlikely it is: each step is tried with a quarter of the numbers.
        let rank: Int
    }

    private func ways(_ direction: TLSDirection) -> [Way] {
        var ways: [Way] = []
        for suite in CipherSuite.ofTLS13 {
            let rarity = suite.rarity
            for isClient in [true, false] {
                let isLikely = isClient == (direction == likelyClient)
                for isNext in [false, true] {
                    let rank = rarity + (isLikely ? 0 : 1) + (isNext ? 1 : 0)
                    ways.append(Way(suite: suite, isClient: isClient, isNext: isNext, rank: rank))
                }
            }
        }
        return ways.sorted { $0.rank < $1.rank }
    }

    /// Enough for all numbers that the limit allows.
    private static let rounds = 48

    private func searchSecret(_ record: RawSpan, _ direction: TLSDirection, _ context: TLSContext) -> Hit? {
        let sessions = unusedSessions(since: halves[direction.rawValue].searchedSecrets, context)
        guard !sessions.isEmpty else { return nil }
        // The other direction may be found where this one is not.
        let isFirst = search == nil
        let before = tries
        let limit = isFirst ? before + (context.limits.tries - before) / 4 * 3 : context.limits.tries
        var report = search ?? TLSSearchReport()
        report.sessions = max(report.sessions, sessions.count)
        defer {
            report.tries += tries - before
            report.isEndedByLimit = report.isEndedByLimit || tries >= limit || !mayTry(context)
            search = report
        }
        let ways = ways(direction)
        for round in 0..<Self.rounds {
            for (index, way) in ways.enumerated() {
                // Of each rank two rounds behind the one before: numbers below `high` were tried when the round is over.
                let own = round - 2 * way.rank
                guard own >= 0 else { continue }
                let low: UInt64 = own == 0 ? 0 : 32 << UInt64(own)
                let high: UInt64 = 64 << UInt64(own)
                for session in sessions {
                    guard tries < limit, mayTry(context) else { return nil }
                    guard var key = key(way, session, context) else { continue }
                    if let found = find(record, with: &key, from: low, count: high - low, context) {
                        return Hit(session: session, isClient: way.isClient, key: key, number: found.number)
                    }
                }
                if way.rank == 0, index + 1 == ways.count || ways[index + 1].rank > 0 {
                    report.reachedNumber = max(report.reachedNumber, high)
                }
            }
        }
        return nil
    }

    private func key(_ way: Way, _ session: KeyLog.Session, _ context: TLSContext) -> RecordKey? {
        let label: KeyLogLabel = way.isClient ? .clientTraffic : .serverTraffic
        guard let secret = context.keyLog.secret(label, of: session), secret.count == way.suite.protection?.hash.length
        else { return nil }
        let key = RecordKey(version: .tls13, suite: way.suite, secret: secret)
        return way.isNext ? key?.next : key
    }

    /// The sessions that no captured connection has, the newest first.
    private func unusedSessions(since first: Int, _ context: TLSContext) -> [KeyLog.Session] {
        var sessions: [KeyLog.Session] = []
        var last: KeyLog.Session?
        for index in stride(from: context.keyLog.count - 1, through: first, by: -1) {
            guard let secret = context.keyLog.searchable(index), secret.session != last,
                secret.label == .clientTraffic || secret.label == .serverTraffic,
                !context.keyLog.isUsed(secret.session)
            else { continue }
            last = secret.session
            sessions.append(secret.session)
        }
        return sessions
    }
}

extension CipherSuite {
    /// How rarely a suite of TLS 1.3 is chosen.
    fileprivate var rarity: Int {
        switch protection?.cipher {
        case .aes128GCM?, .aes256GCM?: 0
        case .chaCha20Poly1305?: 1
        case _: 2
        }
    }
}
