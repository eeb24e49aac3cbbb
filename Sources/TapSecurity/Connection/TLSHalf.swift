import TapCore

/// One direction of a TLS connection.
struct TLSHalf {
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

    var framing = RecordFraming()
    var handshake = HandshakeReader()
    var stage = Stage.clear
    var protection: Protection?
    var loss: Loss?
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
    /// How many secrets of the log were tried.
    var searchedSecrets = 0
    var recordsRead = 0
    var recordsUnread = 0
    var missingBytes = 0
    /// The messages of a handshake in the clear; kept only where a premaster secret may need them.
    var transcript: [UInt8] = []

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
