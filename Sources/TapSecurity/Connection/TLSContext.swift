import TapCore

/// What the TLS connections of one thread share: keys, contexts of ciphers, sessions that may be resumed, and limits.
package final class TLSContext {
    package let limits: TLSLimits
    private let log: KeyLog
    /// Fills the key log; `nil` once that has been done.
    @exclusivity(unchecked) private var fill: ((KeyLog) -> Void)?
    package let rsaKeys: [RSAKey]
    /// Whether further keys may come: then records wait for them.
    package var keysMayCome: Bool
    package let ciphers: CipherPool
    /// How many bytes wait for keys now.
    @exclusivity(unchecked) package internal(set) var heldBytes = 0
    /// How many bytes were dropped because too many were waiting.
    @exclusivity(unchecked) package internal(set) var droppedBytes = 0
    /// How often it was tried to open a record whose secret or number was not known.
    @exclusivity(unchecked) package internal(set) var tries = 0
    /// How many hellos of QUIC in a row did not open, though everybody has their keys: what only looks like them costs much.
    package var unopenedHellos = 0
    /// Whether a hello of QUIC is worth a try. Where none opens and there are no keys, there is only what looks like hellos: fewer and fewer
    /// are tried, until one opens.
    package var mayTryHello: Bool {
        guard unopenedHellos >= TLSContext.fewUnopened, !keysMayCome, !keyLog.hasTrafficSecrets else { return true }
        return unopenedHellos & (unopenedHellos - 1) == 0 || unopenedHellos % TLSContext.mostUnopened == 0
    }

    private static let fewUnopened = 4
    private static let mostUnopened = 1_024
    @exclusivity(unchecked) private var spare: [PendingRecord] = []
    private var sessions: [[UInt8]: Resumable] = [:]
    /// The names of the sessions in the order in which they came, and the one to be forgotten next.
    private var sessionOrder: [[UInt8]] = []
    private var oldest = 0

    /// What the master secret of a session is found by when the session is resumed.
    struct Resumable {
        let random: ClientRandom
        let master: Secret?
    }

    /// - Parameter fill: fills the key log, once the first secret is asked for.
    package init(
        keyLog: KeyLog, rsaKeys: [RSAKey], keysMayCome: Bool, limits: TLSLimits, fill: ((KeyLog) -> Void)? = nil
    ) {
        log = keyLog
        self.fill = fill
        self.rsaKeys = rsaKeys
        self.keysMayCome = keysMayCome
        self.limits = limits
        ciphers = CipherPool(limit: limits.ciphers)
    }

    package var keyLog: KeyLog {
        if let fill {
            self.fill = nil
            fill(log)
        }
        return log
    }

    /// Whether nothing can be decrypted, now and later.
    package var hasNoKeys: Bool { !keysMayCome && rsaKeys.isEmpty && keyLog.count == 0 }

    /// How many contexts of ciphers were set up.
    package var cipherSetUps: Int { ciphers.setUps }

    /// Makes room for `count` more buffered bytes of a connection that has buffered `held`; returns `false` if there is no room.
    package func hold(_ count: Int, beside held: Int) -> Bool {
        guard held + count <= limits.heldBytes, heldBytes + count <= limits.heldBytesInAll else { return false }
        heldBytes += count
        return true
    }

    /// Counts bytes for which there was no room.
    package func drop(_ count: Int) { droppedBytes += count }

    /// So many bytes do not wait any more.
    package func release(_ count: Int) { heldBytes -= count }

    // MARK: Buffers

    private static let spareRecords = 16

    func takePending() -> PendingRecord { spare.popLast() ?? PendingRecord() }

    func giveBack(_ pending: PendingRecord) {
        guard spare.count < Self.spareRecords, pending.bytes.capacity <= 1 << 16 else { return }
        pending.clear()
        spare.append(pending)
    }

    // MARK: Sessions

    /// Remembers a session of TLS 1.2 by its id or ticket.
    func remember(_ name: [UInt8], _ session: Resumable) {
        guard !name.isEmpty, limits.resumableSessions > 0 else { return }
        let digest = [UInt8](SHA256.digest(of: name.span.bytes).span.bytes)
        if sessions.updateValue(session, forKey: digest) != nil { return }
        if sessionOrder.count < limits.resumableSessions {
            sessionOrder.append(digest)
        } else {
            sessions[sessionOrder[oldest]] = nil
            sessionOrder[oldest] = digest
            oldest = (oldest + 1) % sessionOrder.count
        }
    }

    func session(_ name: [UInt8]) -> Resumable? {
        name.isEmpty ? nil : sessions[[UInt8](SHA256.digest(of: name.span.bytes).span.bytes)]
    }
}
