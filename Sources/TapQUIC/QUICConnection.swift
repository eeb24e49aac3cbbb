import TapCore
import TapSecurity

/// One connection of QUIC: takes its datagrams, and gives what its streams carry. RFC 9000, RFC 9001, RFC 9369.
///
/// Without keys it tells what stands in the hellos, whose protection everybody can take off. A packet that does not open is
/// counted; nothing is concluded from it.
package final class QUICConnection {
    package let limits: QUICLimits
    package internal(set) var facts = QUICFacts()
    /// The client's direction, as far as it is known.
    package internal(set) var client: Direction?
    /// The first of its packets.
    package let first: PacketHeader
    package internal(set) var lastSeen: Timestamp
    var halves = InlineArray<2, QUICHalf>(repeating: QUICHalf())
    var session: KeyLog.Session?
    var clientHello: ClientHello?
    var serverHello: ServerHello?
    /// Whether the server takes early data, once it has said so.
    var acceptsEarlyData: Bool?
    /// From which the keys of Initial packets come.
    var initialID: QUICConnectionID?
    var initialVersion: QUICVersion?
    /// The IDs, with the direction, whose keys did not open an Initial packet.
    var triedIDs: [(id: QUICConnectionID, version: QUICVersion, direction: Direction)] = []
    /// How often it was tried to open packets with keys that may not be theirs.
    var tries = 0
    /// How many secrets there were when they were last looked through.
    var searchedSecrets = 0
    /// What waits for its keys, in order.
    var waiting: [Waiting] = []
    var waitingBytes = 0
    /// Whether something has come that what waits may be opened with.
    var mayGoOn = false
    var streams: [UInt64: QUICStream] = [:]
    var overStreams = InlineArray<4, QUICNumberSet>(repeating: QUICNumberSet())
    /// What streams hold, in bytes of memory.
    var heldBytes = 0
    package internal(set) var hasData = false
    /// Whether its secret was found by trying, since its handshake was not captured.
    package internal(set) var isLate = false
    var isIgnored = false
    package internal(set) var close: QUICClose?
    var reachedLimits: Set<QUICLimitKind> = []

    struct Waiting {
        let bytes: [UInt8]
        let direction: Direction
        let packet: PacketHeader
    }

    package init(openedIn packet: PacketHeader, limits: QUICLimits) {
        self.limits = limits
        first = packet
        lastSeen = packet.timestamp
        facts.tls.version = .tls13
    }

    /// Whether nothing more can come of it: it is known what it is, and that it cannot be read.
    package func isHopeless(_ context: TLSContext) -> Bool {
        guard !context.keysMayCome, !hasData else { return false }
        if isIgnored { return true }
        guard clientHello != nil, session == nil else { return false }
        return serverHello != nil || !waiting.isEmpty
    }

    /// A header that is not looked behind names a version.
    package func note(_ version: QUICVersion) { facts.version = version }

    package var knowsHello: Bool { clientHello != nil }

    /// Whether its packets after the handshake may be opened, now or once further secrets come.
    package func mayBeRead(_ context: TLSContext) -> Bool {
        session != nil || context.keysMayCome && clientHello != nil
    }

    /// Whether a direction has sent packets with data that did not come so far, by the numbers of those that did.
    package func lacksNumbers(on direction: Direction) -> Bool { halves[Int(direction.rawValue)].numbers.hasGaps }

    /// Whether all packets with data that a direction has sent so far came, from the first on.
    package func hasAllNumbers(on direction: Direction) -> Bool { halves[Int(direction.rawValue)].numbers.isWhole }

    /// Whether something is held since bytes before it are missing.
    package var isBehind: Bool { heldBytes > 0 }

    package func packetsRead(on direction: Direction) -> Int { halves[Int(direction.rawValue)].packetsRead }

    package func packetsUnread(on direction: Direction) -> Int { halves[Int(direction.rawValue)].packetsUnread }

    /// Whether a receiver of a direction is addressed by an ID.
    package func knows(_ id: QUICConnectionID, on direction: Direction) -> Bool {
        id == initialID || halves[Int(direction.rawValue)].receiverIDs.contains(id)
    }

    /// By which the client's packets of the handshake address the server.
    package var idsOfServer: [QUICConnectionID] {
        guard let client else { return [] }
        return (initialID.map { [$0] } ?? []) + halves[Int(client.rawValue)].receiverIDs
    }

    // MARK: Input

    /// Takes a datagram, or what the capture has of it.
    package func receive(
        _ datagram: RawSpan, on direction: Direction, in packet: PacketHeader, _ context: TLSContext,
        into sink: inout some QUICSink & ~Copyable
    ) {
        lastSeen = max(lastSeen, packet.timestamp)
        take(datagram, direction, packet, context, &sink)
        goOn(context, &sink)
        settleGaps(packet, context, &sink)
    }

    /// Secrets have come.
    package func retry(_ context: TLSContext, into sink: inout some QUICSink & ~Copyable) {
        guard searchedSecrets < context.keyLog.count else { return }
        searchedSecrets = context.keyLog.count
        establish(context)
        mayGoOn = true
        goOn(context, &sink)
    }

    /// Nothing more comes: gives what is left, and answers why it was not read, where it was not.
    package func finish(
        in packet: PacketHeader, _ context: TLSContext, into sink: inout some QUICSink & ~Copyable
    ) -> TLSUnreadReason? {
        acceptsEarlyData = acceptsEarlyData ?? true
        mayGoOn = true
        goOn(context, &sink)
        drop(context)
        for stream in streams.values.sorted(by: { $0.id < $1.id }) { finish(stream, packet, context, &sink) }
        streams = [:]
        return unreadReason(context)
    }

    /// What waits does so no more.
    package func drop(_ context: TLSContext) {
        for entry in waiting { halves[Int(entry.direction.rawValue)].packetsUnread += 1 }
        waiting = []
        context.release(waitingBytes)
        waitingBytes = 0
    }

    private func unreadReason(_ context: TLSContext) -> TLSUnreadReason? {
        if hasData {
            let isOneUnread = halves.indices.contains { halves[$0].packetsRead == 0 && halves[$0].packetsUnread > 0 }
            return isOneUnread ? .noKey : nil
        }
        // Of a version that is not read nothing can be opened.
        if isIgnored { return .cipherUnsupported }
        guard let clientHello else { return .handshakeNotCaptured }
        if let suite = facts.tls.suite, !QUICConnection.isRead(suite) { return .cipherUnsupported }
        if session == nil {
            let outer = context.keyLog.session(of: clientHello.random)
            let isEncrypted = clientHello.hasEncryptedClientHello
            let secret = isEncrypted ? outer.flatMap { context.keyLog.secret(.encryptedClientHello, of: $0) } : nil
            return secret == nil ? .noKey : .encryptedClientHello
        }
        guard halves.indices.contains(where: { halves[$0].packetsUnread > 0 }) else { return nil }
        let hasKey = halves.indices.contains { halves[$0].keys[QUICLevel.application.rawValue] != nil }
        return hasKey ? .wrongKey : .noKey
    }

    static func isRead(_ suite: CipherSuite) -> Bool {
        guard let cipher = suite.protection?.cipher else { return false }
        switch cipher {
        case .aes128GCM, .aes256GCM, .chaCha20Poly1305, .aes128CCM: return true
        case .aes256CCM, .aes128CCM8, .aes256CCM8, .aes128CBC, .aes256CBC, .tripleDESCBC, .camellia128CBC,
            .camellia256CBC:
            return false
        }
    }

    func reach(
        _ limit: QUICLimitKind, _ direction: Direction, _ packet: PacketHeader, _ sink: inout some QUICSink & ~Copyable
    ) {
        guard reachedLimits.insert(limit).inserted else { return }
        sink.found(.limitReached(limit), on: direction, in: packet)
    }
}
