import TapCore

/// One TLS connection: takes the ordered bytes of both directions, and gives what their records carry.
///
/// Where bytes are cut never changes what is given. A record is given only if its tag or code proves its key and its number.
package struct TLSConnection: ~Copyable {
    package internal(set) var facts = TLSFacts()
    /// How far the search for a secret went, where there was one.
    package internal(set) var search: TLSSearchReport?
    var halves = [TLSHalf(), TLSHalf()]
    /// The direction of the client, as far as a hello or a secret told.
    var client: TLSDirection?
    /// The direction that is likelier the client's where nothing tells.
    let likelyClient: TLSDirection
    var clientHello: ClientHello?
    var serverHello: ServerHello?
    var encryptedExtensions: EncryptedExtensions?
    /// Whether the server asked for another hello, which did not come yet.
    var awaitsSecondHello = false
    var clientKeyExchange: [UInt8]?
    var session: KeyLog.Session?
    var held: HeldInput?
    /// Whether something happened that input may wait for.
    var mayGoOn = false
    /// Whether what the client encrypted first is an alert, by its length.
    package internal(set) var hasEncryptedAlert = false
    /// Whether application data was given since the last hello.
    var hasDataBegun = false
    /// How often it was tried to open a record whose secret or number is not known.
    package internal(set) var tries = 0
    /// The ticket that the server gave in TLS 1.2.
    var newTicket: [UInt8] = []
    /// The packet before, for what happens beside one.
    var packet: PacketHeader

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

    package mutating func receive(
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
    package mutating func miss(
        _ count: Int, on direction: TLSDirection, before packet: PacketHeader, _ context: TLSContext,
        into sink: inout some TLSSink & ~Copyable
    ) {
        guard count > 0 else { return }
        self.packet = packet
        takeMissing(count, on: direction, before: packet, context, into: &sink)
        goOn(isLast: false, context, into: &sink)
    }

    mutating func takeMissing(
        _ count: Int, on direction: TLSDirection, before packet: PacketHeader, _ context: TLSContext,
        into sink: inout some TLSSink & ~Copyable
    ) {
        if settle(direction, in: packet, context, into: &sink) {
            lose(count, on: direction, context)
        } else {
            var held = held ?? HeldInput()
            self.held = nil
            held.add(missing: count, on: direction, in: packet, context)
            self.held = held
        }
    }

    /// A direction is over.
    package mutating func end(
        _ direction: TLSDirection, in packet: PacketHeader, _ context: TLSContext,
        into sink: inout some TLSSink & ~Copyable
    ) {
        self.packet = packet
        takeEnd(of: direction, in: packet, context, into: &sink)
        goOn(isLast: false, context, into: &sink)
    }

    mutating func takeEnd(
        of direction: TLSDirection, in packet: PacketHeader, _ context: TLSContext,
        into sink: inout some TLSSink & ~Copyable
    ) {
        guard !halves[direction.rawValue].isEnded else { return }
        if settle(direction, in: packet, context, into: &sink) {
            close(direction, in: packet, context, into: &sink)
        } else {
            var held = held ?? HeldInput()
            self.held = nil
            held.add(endOf: direction, in: packet, context)
            self.held = held
        }
    }

    /// Further secrets may have come.
    package mutating func retry(_ context: TLSContext, into sink: inout some TLSSink & ~Copyable) {
        guard held != nil else { return }
        mayGoOn = true
        goOn(isLast: false, context, into: &sink)
    }

    /// Nothing more comes: neither of the connection nor of the log. Returns why it is not read, or not to its end.
    package mutating func finish(
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

    // MARK: State

    package func recordsRead(on direction: TLSDirection) -> Int { halves[direction.rawValue].recordsRead }

    package func recordsUnread(on direction: TLSDirection) -> Int { halves[direction.rawValue].recordsUnread }

    /// How many bytes on the wire the capture does not have, or belong to records of which it has only a part.
    package func missingBytes(on direction: TLSDirection) -> Int { halves[direction.rawValue].missingBytes }

    /// Whether nothing more can be read, so that no further bytes are needed.
    package var isDone: Bool {
        halves.allSatisfy {
            switch $0.stage {
            case .ignored, .closed: true
            case .clear, .waiting, .protected: false
            }
        }
    }

    /// Whether nothing of a direction is read any more, since there is no key or none that fits.
    package func isIgnored(_ direction: TLSDirection) -> Bool { halves[direction.rawValue].stage.isIgnored }

    /// Whether input waits for secrets, so that ``retry(_:into:)`` is of use.
    package var isWaiting: Bool { halves.contains { $0.isWaiting } }

    /// Whether bytes are missing of which it was not told yet what they held.
    package func hasUntoldLoss(on direction: TLSDirection) -> Bool { halves[direction.rawValue].loss != nil }

    /// Whether secrets that may come would read more of what is here.
    package var awaitsSecrets: Bool { halves.contains { $0.stage == .waiting(.keys) || $0.stage == .waiting(.search) } }

    /// The direction of the client, as far as it is known.
    package var clientDirection: TLSDirection? { client }

    /// Why nothing would be read of a connection that was not heard to its end.
    private func hopelessReason(_ context: TLSContext) -> TLSUnreadReason? {
        guard !hasDataBegun, context.hasNoKeys,
            serverHello?.version == .tls13 || halves.contains(where: { $0.stage.isIgnored })
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
        let half = halves[direction.rawValue]
        switch waiting {
        case .search: return .handshakeNotCaptured
        case .serverHello, .acceptance:
            return half.lacksHandshake || halves[direction.opposite.rawValue].lacksHandshake
                ? .bytesMissing : missingKeyReason(context)
        case .keys: return half.hasWrongKey ? .wrongKey : missingKeyReason(context)
        }
    }
}
