import TapCore

/// One direction of a TLS connection. What a record needs that is followed by others like it stands together, the rest beside it.
struct TLSHalf: ~Copyable {
    enum Stage: Equatable {
        /// Records are in the clear.
        case clear
        /// Input is held until what it waits for is there.
        case waiting(Waiting)
        /// Records are opened with ``protection``.
        case protected
        /// Nothing more is read of it.
        case ignored(TLSUnreadReason)
        /// The peer said that it is done.
        case closed
    }

    enum Waiting: Equatable {
        case serverHello
        /// Whether the server takes early data.
        case acceptance
        case keys
        /// The secret and the number of its records are searched for.
        case search
    }

    enum Epoch { case early, handshake, application }

    struct Protection {
        var key: RecordKey
        var epoch: Epoch
        /// Whether a record was opened.
        var isProven = false
        /// Records that did not open before one did.
        var failures = 0

        init(key: RecordKey, epoch: Epoch, isProven: Bool = false) {
            (self.key, self.epoch, self.isProven) = (key, epoch, isProven)
        }

        // Assigned through an optional of a half, the compiler would not release the one before (Swift 6.3).
        mutating func change(to key: RecordKey) { self.key = key }

        /// Opens a record as the next one.
        mutating func openNext(_ record: RawSpan, _ ciphers: CipherPool) -> CipherPool.Opened? {
            guard let opened = ciphers.open(record, with: &key, number: key.sequence) else { return nil }
            key.sequence &+= 1
            return opened
        }
    }

    /// What is missing since the last record that was opened.
    struct Loss {
        /// On the wire, in bytes.
        var wireBytes = 0
        /// Records that are known to be among it.
        var records = 0

        /// How many records may be among it at most.
        var mostRecords: UInt64 { UInt64(wireBytes / RecordHeader.shortestEncrypted + records + 1) }
    }

    var stage = Stage.clear
    /// Whether the next record is encrypted: TLS 1.2 and before.
    var hasChangedCipher = false
    /// Whether bytes of the handshake are missing.
    var lacksHandshake = false
    var hasInput = false
    /// Whether bytes were missing when the direction ended, and nothing was read after them.
    var isCutOff = false
    /// Whether the handshake of TLS 1.3 is over in this direction.
    var isHandshakeDone = false
    var isEnded = false
    /// Whether a key was there, and did not open what it was for.
    var hasWrongKey = false
    var framing = RecordFraming()
    var protection: Protection?
    var recordsRead = 0
    private var beside: Beside?

    /// What is of use while the handshake goes on, or once something is missing.
    private final class Beside {
        @exclusivity(unchecked) var handshake = HandshakeReader()
        @exclusivity(unchecked) var loss: Loss?
        @exclusivity(unchecked) var searchedSecrets = 0
        @exclusivity(unchecked) var recordsUnread = 0
        @exclusivity(unchecked) var missingBytes = 0
        @exclusivity(unchecked) var transcript: [UInt8] = []
    }

    private var rest: Beside {
        mutating get {
            if let beside { return beside }
            let new = Beside()
            beside = new
            return new
        }
    }

    var handshake: HandshakeReader {
        _read { yield beside?.handshake ?? HandshakeReader() }
        _modify { yield &rest.handshake }
    }

    /// What is missing since the last record that was opened.
    var loss: Loss? {
        get { beside?.loss }
        set { if beside != nil || newValue != nil { rest.loss = newValue } }
    }

    /// How many secrets of the log were tried.
    var searchedSecrets: Int {
        get { beside?.searchedSecrets ?? 0 }
        set { rest.searchedSecrets = newValue }
    }

    var recordsUnread: Int {
        get { beside?.recordsUnread ?? 0 }
        set { rest.recordsUnread = newValue }
    }

    var missingBytes: Int {
        get { beside?.missingBytes ?? 0 }
        set { rest.missingBytes = newValue }
    }

    /// The messages of a handshake in the clear; kept only where a premaster secret may need them.
    var transcript: [UInt8] {
        _read { yield beside?.transcript ?? [] }
        _modify { yield &rest.transcript }
    }

    /// Whether it is read with the keys for application data of TLS 1.3.
    var isSettled: Bool {
        stage == .protected && protection?.isProven == true && protection?.epoch == .application
            && protection?.key.version == .tls13
    }

    /// The handshake is over: frees what only that needed, if nothing is missing.
    mutating func forgetHandshake() {
        guard let beside, !beside.handshake.isInMessage, beside.loss == nil, beside.recordsUnread == 0,
            beside.missingBytes == 0
        else { return }
        self.beside = nil
    }

    var isRead: Bool { stage == .clear || stage == .protected }

    var isWaiting: Bool { if case .waiting = stage { true } else { false } }

    /// Whether a record was opened.
    var isProven: Bool { stage == .closed || stage == .protected && protection?.isProven == true }

    /// Whether all that did not open may be records of the handshake, since only a secret for application data is known.
    var mayBeHandshake: Bool {
        guard stage == .protected, let protection, !isHandshakeDone, missingBytes == 0 else { return false }
        return protection.key.version == .tls13 && protection.epoch == .application && !protection.isProven
            && protection.failures > 0
    }

    /// Why it is not read, or not to its end, as far as that is known without what it waits for.
    var unreadReason: TLSUnreadReason? {
        switch stage {
        case .ignored(let reason): reason
        case .protected where protection?.isProven == false && protection?.failures ?? 0 > 0:
            missingBytes > 0 ? .bytesMissing : .wrongKey
        case .protected, .clear: isCutOff ? .bytesMissing : nil
        case .waiting, .closed: nil
        }
    }
}
