import TapCore

/// One TLS connection: takes the ordered bytes of both directions, and gives what their records carry.
///
/// Where bytes are cut never changes what is given. A record is given only if its tag or code proves its key and its number.
package final class TLSConnection {
    @exclusivity(unchecked) var halves = InlineArray<2, TLSHalf> { _ in TLSHalf() }
    /// The direction of the client, as far as a hello or a secret told.
    @exclusivity(unchecked) var client: TLSDirection?
    /// The direction that is likelier the client's where nothing tells.
    let likelyClient: TLSDirection
    /// Whether something happened that input may wait for.
    @exclusivity(unchecked) var mayGoOn = false
    /// Whether application data was given since the last hello.
    @exclusivity(unchecked) var hasDataBegun = false
    /// Whether what the client encrypted first is an alert, by its length.
    package internal(set) var hasEncryptedAlert = false
    /// The packet before, for what happens beside one.
    @exclusivity(unchecked) var packet: PacketHeader
    @exclusivity(unchecked) private var negotiation: Negotiation?
    package internal(set) var facts = TLSFacts()
    var session: KeyLog.Session?
    /// How often it was tried to open a record whose secret or number is not known.
    @exclusivity(unchecked) package internal(set) var tries = 0
    @exclusivity(unchecked) var held: HeldInput?
    @Rare private var searchReport: TLSSearchReport?

    /// What the handshake says that chooses keys.
    private final class Negotiation {
        @exclusivity(unchecked) var clientHello: ClientHello?
        @exclusivity(unchecked) var serverHello: ServerHello?
        @exclusivity(unchecked) var encryptedExtensions: EncryptedExtensions?
        @exclusivity(unchecked) var awaitsSecondHello = false
        @exclusivity(unchecked) var clientKeyExchange: [UInt8]?
        @exclusivity(unchecked) var newTicket: [UInt8] = []
    }

    /// - Parameters:
    ///   - isStartCaptured: whether the flow's first bytes are those that were sent first.
    ///   - likelyClient: the direction that is likelier the client's; mostly that of the higher port.
    package init(isStartCaptured: Bool, likelyClient: TLSDirection, openedIn packet: PacketHeader) {
        self.likelyClient = likelyClient
        self.packet = packet
        if !isStartCaptured {
            for index in halves.indices {
                halves[index].framing.mode = .seeking
                halves[index].lacksHandshake = true
            }
        }
    }

    // MARK: Input

    package func receive(
        _ bytes: RawSpan, on direction: TLSDirection, in packet: PacketHeader, _ context: TLSContext,
        into sink: inout some TLSSink & ~Copyable
    ) {
        guard bytes.byteCount > 0 else { return }
        self.packet = packet
        halves[direction.rawValue].hasInput = true
        var offset = 0
        while offset < bytes.byteCount {
            if halves[direction.rawValue].isWaiting {
                hold(bytes.from(offset), on: direction, in: packet, context)
                offset = bytes.byteCount
                mayGoOn = mayGoOn || halves[direction.rawValue].stage == .waiting(.search)
            } else {
                offset += consume(bytes.from(offset), on: direction, in: packet, context, into: &sink)
            }
            goOn(isLast: false, context, into: &sink)
        }
    }

    /// `count` bytes were sent but are not in the capture.
    package func miss(
        _ count: Int, on direction: TLSDirection, before packet: PacketHeader, _ context: TLSContext,
        into sink: inout some TLSSink & ~Copyable
    ) {
        guard count > 0 else { return }
        self.packet = packet
        takeMissing(count, on: direction, before: packet, context, into: &sink)
        goOn(isLast: false, context, into: &sink)
    }

    func takeMissing(
        _ count: Int, on direction: TLSDirection, before packet: PacketHeader, _ context: TLSContext,
        into sink: inout some TLSSink & ~Copyable
    ) {
        if settle(direction, in: packet, context, into: &sink) {
            lose(count, on: direction, context)
        } else {
            queue.add(missing: count, on: direction, in: packet, context)
        }
    }

    /// A direction is over.
    package func end(
        _ direction: TLSDirection, in packet: PacketHeader, _ context: TLSContext,
        into sink: inout some TLSSink & ~Copyable
    ) {
        self.packet = packet
        takeEnd(of: direction, in: packet, context, into: &sink)
        goOn(isLast: false, context, into: &sink)
    }

    func takeEnd(
        of direction: TLSDirection, in packet: PacketHeader, _ context: TLSContext,
        into sink: inout some TLSSink & ~Copyable
    ) {
        guard !halves[direction.rawValue].isEnded else { return }
        if settle(direction, in: packet, context, into: &sink) {
            close(direction, in: packet, context, into: &sink)
        } else {
            queue.add(endOf: direction, in: packet, context)
        }
    }

    /// Further secrets may have come.
    package func retry(_ context: TLSContext, into sink: inout some TLSSink & ~Copyable) {
        guard held != nil else { return }
        mayGoOn = true
        goOn(isLast: false, context, into: &sink)
    }

    /// Nothing more comes: neither of the connection nor of the log. Returns why it is not read, or not to its end.
    package func finish(
        _ context: TLSContext, into sink: inout some TLSSink & ~Copyable
    ) -> TLSUnreadReason? {
        for direction in TLSDirection.allCases { _ = settle(direction, in: packet, context, into: &sink) }
        mayGoOn = true
        goOn(isLast: true, context, into: &sink)
        for direction in TLSDirection.allCases {
            if case .waiting(let waiting) = halves[direction.rawValue].stage {
                halves[direction.rawValue].stage = .ignored(reason(for: waiting, direction, context))
                // Whatever waited may have been data.
                let count = held?.count(of: direction) ?? 0
                if count > 0 {
                    let loss = TLSLoss(wireBytes: count, records: nil, plainBytes: count, isExact: false)
                    sink.missed(loss, on: direction, before: packet)
                }
            } else if halves[direction.rawValue].stage == .clear, halves[direction.rawValue].recordsUnread > 0 {
                halves[direction.rawValue].stage = .ignored(missingKeyReason(context))
            }
        }
        let reason = unreadReason ?? hopelessReason(context)
        replay(context, into: &sink)
        return reason
    }

    // MARK: Negotiation

    private var handshake: Negotiation {
        if let negotiation { return negotiation }
        let new = Negotiation()
        negotiation = new
        return new
    }

    var clientHello: ClientHello? {
        get { negotiation?.clientHello }
        set { handshake.clientHello = newValue }
    }

    var serverHello: ServerHello? {
        get { negotiation?.serverHello }
        set { handshake.serverHello = newValue }
    }

    var encryptedExtensions: EncryptedExtensions? {
        get { negotiation?.encryptedExtensions }
        set { handshake.encryptedExtensions = newValue }
    }

    /// Whether the server asked for another hello, which did not come yet.
    var awaitsSecondHello: Bool {
        get { negotiation?.awaitsSecondHello ?? false }
        set { handshake.awaitsSecondHello = newValue }
    }

    var clientKeyExchange: [UInt8]? {
        get { negotiation?.clientKeyExchange }
        set { handshake.clientKeyExchange = newValue }
    }

    /// The ticket that the server gave in TLS 1.2.
    var newTicket: [UInt8] {
        get { negotiation?.newTicket ?? [] }
        set { handshake.newTicket = newValue }
    }

    /// Forgets the handshake of TLS 1.3 once both directions are read with keys for application data: there is no other one.
    func forgetHandshake() {
        guard negotiation != nil, halves[0].isSettled, halves[1].isSettled else { return }
        negotiation = nil
        halves[0].forgetHandshake()
        halves[1].forgetHandshake()
    }

    // MARK: State

    /// How far the search for a secret went, where there was one.
    package internal(set) var search: TLSSearchReport? {
        get { searchReport }
        set { searchReport = newValue }
    }

    package func recordsRead(on direction: TLSDirection) -> Int { halves[direction.rawValue].recordsRead }

    package func recordsUnread(on direction: TLSDirection) -> Int { halves[direction.rawValue].recordsUnread }

    /// How many bytes on the wire the capture does not have, or belong to records of which it has only a part.
    package func missingBytes(on direction: TLSDirection) -> Int { halves[direction.rawValue].missingBytes }

    /// Whether nothing more can be read, so that no further bytes are needed.
    package var isDone: Bool {
        !isAny {
            switch $0 {
            case .ignored, .closed: false
            case .clear, .waiting, .protected: true
            }
        }
    }

    /// Whether nothing of a direction is read any more, since there is no key or none that fits.
    package func isIgnored(_ direction: TLSDirection) -> Bool { halves[direction.rawValue].stage.isIgnored }

    /// Whether records before the next one of a direction are not read, or may be found missing later.
    package func lacksRecords(before direction: TLSDirection) -> Bool {
        isWaiting || halves[direction.opposite.rawValue].loss != nil
    }

    /// Whether input waits for secrets, so that ``retry(_:into:)`` is of use.
    package var isWaiting: Bool { halves[0].isWaiting || halves[1].isWaiting }

    /// Whether secrets that may come would read more of what is here.
    package var awaitsSecrets: Bool { isAny { $0 == .waiting(.keys) || $0 == .waiting(.search) } }

    /// Whether a direction is in one of these stages.
    func isAny(_ isMeant: (TLSHalf.Stage) -> Bool) -> Bool { isMeant(halves[0].stage) || isMeant(halves[1].stage) }

    /// The direction of the client, as far as it is known.
    package var clientDirection: TLSDirection? { client }

    /// Why nothing would be read of a connection that was not heard to its end.
    private func hopelessReason(_ context: TLSContext) -> TLSUnreadReason? {
        guard !hasDataBegun, context.hasNoKeys,
            serverHello?.version == .tls13 || isAny(\.isIgnored)
        else { return nil }
        let isKnown = serverHello.map { $0.version.isRead && $0.suite.protection != nil } ?? true
        return isKnown ? missingKeyReason(context) : .cipherUnsupported
    }

    private static let reasonsByWeight: [TLSUnreadReason] = [
        .cipherUnsupported, .wrongKey, .encryptedClientHello, .noKey, .handshakeNotCaptured, .bytesMissing,
    ]

    private var unreadReason: TLSUnreadReason? {
        let (first, second) = (unreadReason(of: .first), unreadReason(of: .second))
        return Self.reasonsByWeight.first { $0 == first || $0 == second }
    }

    private func unreadReason(of direction: TLSDirection) -> TLSUnreadReason? {
        guard halves[direction.rawValue].mayBeHandshake else { return halves[direction.rawValue].unreadReason }
        return halves[direction.opposite.rawValue].isProven ? nil : .noKey
    }

    /// Why a direction that waits is not read in the end.
    private func reason(
        for waiting: TLSHalf.Waiting, _ direction: TLSDirection, _ context: TLSContext
    ) -> TLSUnreadReason {
        switch waiting {
        case .search: return .handshakeNotCaptured
        case .serverHello, .acceptance:
            return halves[direction.rawValue].lacksHandshake || halves[direction.opposite.rawValue].lacksHandshake
                ? .bytesMissing : missingKeyReason(context)
        case .keys: return halves[direction.rawValue].hasWrongKey ? .wrongKey : missingKeyReason(context)
        }
    }
}
