import TapCore
import TapSecurity

/// Finds the secret of a packet whose handshake was not captured, and its number: both by trying, and the tag proves them.
package final class QUICSearch {
    private var candidates: [Candidate] = []
    /// How many secrets of the log were looked through.
    private var known = 0
    private var tries = 0

    private struct Candidate {
        let session: KeyLog.Session
        let isClient: Bool
        let suite: CipherSuite
        let version: QUICVersion
        var keys: QUICKeys
    }

    package struct Hit {
        let session: KeyLog.Session
        let isClient: Bool
        let suite: CipherSuite
        let version: QUICVersion
        let keys: QUICKeys
        let idLength: Int
        let number: UInt64
    }

    /// So many secrets are tried, the newest of the log, each with the ciphers that its length allows and in both versions.
    private static let mostSecrets = 128

    /// The likelier lengths of connection IDs first.
    static let idLengths = [8, 4, 16, 20, 0, 5, 18, 12, 10, 7, 6, 9, 11, 13, 14, 15, 17, 19, 3, 2, 1]

    package init() {}

    /// - Parameter part: the part of the connections that is followed, by which the sessions are divided; `nil` where all are.
    package func find(_ packet: RawSpan, ofPart part: Int?, _ context: TLSContext) -> Hit? {
        guard context.keyLog.hasTrafficSecrets, tries < context.limits.tries else { return nil }
        if known < context.keyLog.count { makeCandidates(part, context) }
        for length in QUICSearch.idLengths {
            for index in candidates.indices where !context.keyLog.isUsed(candidates[index].session) {
                guard
                    let number = QUICSearch.number(
                        of: packet, idLength: length, &candidates[index].keys, &tries, context)
                else { continue }
                let found = candidates[index]
                return Hit(
                    session: found.session, isClient: found.isClient, suite: found.suite, version: found.version,
                    keys: found.keys, idLength: length, number: number)
            }
        }
        return nil
    }

    /// The number with which a packet opens; its upper bits, which it does not tell, are counted up from zero.
    static func number(
        of packet: RawSpan, idLength: Int, _ keys: inout QUICKeys, _ tries: inout Int, _ context: TLSContext
    ) -> UInt64? {
        guard let bare = QUICBarePacket(packet, numberOffset: 1 + idLength, keys.headers), !bare.hasReservedBits else {
            return nil
        }
        let payload = packet.from(bare.header.count)
        for upper in 0..<(bare.numberBits == 8 ? 64 : bare.numberBits == 16 ? 16 : 1) {
            tries += 1
            let number = bare.number + UInt64(upper) << UInt64(bare.numberBits)
            if context.ciphers.open(payload, header: bare.header.span.bytes, with: &keys.key, number: number) != nil {
                return number
            }
        }
        return nil
    }

    private func makeCandidates(_ part: Int?, _ context: TLSContext) {
        candidates = []
        var secrets = 0
        for index in stride(from: context.keyLog.count - 1, through: 0, by: -1)
        where secrets < QUICSearch.mostSecrets {
            guard let secret = context.keyLog.searchable(index),
                secret.label == .clientTraffic || secret.label == .serverTraffic,
                part.map({ $0 == context.keyLog.random(of: secret.session).half }) ?? true,
                let material = context.keyLog.secret(secret.label, of: secret.session)
            else { continue }
            secrets += 1
            for suite in CipherSuite.ofTLS13
            where QUICConnection.isRead(suite) && suite.protection?.hash.length == material.count {
                for version in [QUICVersion.one, .two] {
                    guard let schedule = version.schedule, let keys = QUICKeys(suite, material, schedule) else {
                        continue
                    }
                    candidates.append(
                        Candidate(
                            session: secret.session, isClient: secret.label == .clientTraffic, suite: suite,
                            version: version, keys: keys))
                }
            }
        }
        known = context.keyLog.count
    }
}

extension QUICConnection {
    /// Whether its hello was not captured, and no secret was found.
    package var lacksSecret: Bool { clientHello == nil && session == nil && !hasData }

    /// Goes on with a secret that was found for a packet of a direction.
    package func adopt(_ hit: QUICSearch.Hit, on direction: Direction, _ context: TLSContext) {
        isLate = true
        session = hit.session
        context.keyLog.use(hit.session)
        client = hit.isClient ? direction : direction.opposite
        facts.version = hit.version
        facts.tls.suite = hit.suite
        facts.tls.keys = .search
        facts.tls.secretRandom = context.keyLog.random(of: hit.session)
        facts.tls.clientRandom = facts.tls.secretRandom
        let index = Int(direction.rawValue)
        halves[index].keys[QUICLevel.application.rawValue] = hit.keys
        halves[index].idLength = hit.idLength
        halves[index].highest[QUICLevel.application.space] = hit.number
    }

    /// The length of the ID that addresses the receiver of a direction, if no header stated it.
    func findIDLength(of bytes: RawSpan, _ direction: Direction, _ context: TLSContext) -> Int? {
        let (index, level) = (Int(direction.rawValue), QUICLevel.application)
        guard isLate, tries < limits.tries, var keys = halves[index].keys[level.rawValue] else { return nil }
        tries += 1
        var count = 0
        for length in QUICSearch.idLengths {
            guard let number = QUICSearch.number(of: bytes, idLength: length, &keys, &count, context) else { continue }
            halves[index].idLength = length
            halves[index].highest[level.space] = number
            return length
        }
        return nil
    }
}
