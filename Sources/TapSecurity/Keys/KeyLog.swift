import TapCore

/// The secrets of key logs, found by what a capture shows of their session. What is stored is wiped with the log.
///
/// Not to be shared between threads.
package final class KeyLog {
    package struct Limits: Sendable {
        /// How many secrets are kept; later ones are counted in ``Counts/overLimit``.
        package var secrets = 1_000_000
        /// The longest line in bytes; longer ones are counted in ``Counts/malformed``.
        package var lineLength = 4_096

        package init() {}
    }

    package struct Counts: Equatable, Sendable {
        package var secrets = 0
        /// Secrets that were there already.
        package var duplicates = 0
        /// Blank lines, comments, exporters' secrets and unknown labels.
        package var ignored = 0
        package var malformed = 0
        package var overLimit = 0

        package init() {}
    }

    /// A session of the log, by its place in it.
    package struct Session: Equatable, Sendable {
        fileprivate let index: Int
    }

    package let limits: Limits
    package private(set) var counts = Counts()
    private let store = SecretStore()
    private var entries = ChunkedArray<Entry>()
    private var sessions = ChunkedArray<SessionEntry>()
    /// The newest session of all whose randoms have the same hash.
    private var newestByHash: [Int: Int32] = [:]
    /// What secrets are found by where that is no random.
    private var names: [Int: [UInt8]] = [:]
    private var entriesBySessionID: [[UInt8]: Int] = [:]
    private var entriesByPremaster: [[UInt8]: Int] = [:]

    private struct Entry {
        let label: KeyLogLabel
        let source: KeySource
        let place: SecretStore.Place
        /// The session's index; of no meaning where the secret is not found by a random.
        let session: Int32
        /// The entry of the same session before this one; -1 for the first.
        let previous: Int32
        var isUsed = false
    }

    private struct SessionEntry {
        let random: ClientRandom
        var newest: Int32
        /// The session before it whose random has the same hash; -1 for the first.
        let older: Int32
        var isUsed = false
    }

    package init(limits: Limits) { self.limits = limits }

    /// How many secrets there are. It grows where there are new ones.
    package var count: Int { entries.count }

    func receive(line: RawSpan, from source: KeySource) {
        switch KeyLogLine.read(line) {
        case .ignored: counts.ignored += 1
        case .malformed: counts.malformed += 1
        case .secret(var line):
            store(line, from: source)
            line.wipe()
        }
    }

    func noteLongLine() { counts.malformed += 1 }

    /// Whether there are secrets from which a master secret is only made.
    package private(set) var hasPremasters = false

    /// Whether there are secrets of TLS 1.3.
    package private(set) var hasTrafficSecrets = false

    // MARK: Looking up

    package func session(of random: ClientRandom) -> Session? {
        var index = newestByHash[random.hashValue] ?? -1
        while index >= 0 {
            if sessions[Int(index)].random == random { return Session(index: Int(index)) }
            index = sessions[Int(index)].older
        }
        return nil
    }

    package func random(of session: Session) -> ClientRandom { sessions[session.index].random }

    /// The newest secret of a session with this label.
    package func secret(_ label: KeyLogLabel, of session: Session) -> Secret? {
        newestEntry(label, session.index).map { secret(at: $0) }
    }

    /// Where the newest secret of a session came from.
    package func source(of session: Session) -> KeySource { entries[Int(sessions[session.index].newest)].source }

    /// The master secret of a session with this id.
    package func master(ofSessionID id: [UInt8]) -> (secret: Secret, source: KeySource)? {
        found(entriesBySessionID[id])
    }

    /// The premaster secret that was sent in these encrypted bytes.
    package func premaster(encrypted: RawSpan) -> (secret: Secret, source: KeySource)? {
        encrypted.byteCount < 8 ? nil : found(entriesByPremaster[[UInt8](encrypted.upTo(8))])
    }

    // MARK: Searching

    /// The session and label of a secret, which are numbered in the order in which they came; `nil` where it has no random.
    package func searchable(_ index: Int) -> (session: Session, label: KeyLogLabel, length: Int)? {
        let entry = entries[index]
        guard entry.session >= 0 else { return nil }
        return (Session(index: Int(entry.session)), entry.label, Int(entry.place.count))
    }

    /// Whether a captured connection has the session.
    package func isUsed(_ session: Session) -> Bool { sessions[session.index].isUsed }

    /// A captured connection has the session.
    package func use(_ session: Session) { sessions[session.index].isUsed = true }

    /// The lines of the sessions that captured connections have, in the order in which they came.
    package var usedLines: [UInt8] {
        var lines: [UInt8] = []
        for index in 0..<entries.count {
            let entry = entries[index]
            guard entry.session >= 0 ? sessions[Int(entry.session)].isUsed : entry.isUsed else { continue }
            lines += "\(entry.label.name)".utf8
            if entry.label != .sessionID { lines.append(UInt8(ascii: " ")) }
            appendHex(
                of: entry.session >= 0 ? sessions[Int(entry.session)].random.bytes : names[index] ?? [], to: &lines)
            lines += entry.label == .sessionID ? " Master-Key:".utf8 : " ".utf8
            store.appendHex(at: entry.place, to: &lines)
            lines.append(UInt8(ascii: "\n"))
        }
        return lines
    }

    // MARK: Storing

    private func store(_ line: KeyLogLine, from source: KeySource) {
        let random = line.label.isByRandom ? ClientRandom(line.name.span.bytes) : nil
        let session = random.flatMap { self.session(of: $0) }?.index
        let known = entry(line.label, line.name, session)
        if let known, store.holds(line.secret, at: entries[known].place) {
            counts.duplicates += 1
            return
        }
        guard entries.count < limits.secrets, let place = store.store(line.secret.span.bytes) else {
            counts.overLimit += 1
            return
        }
        let index = entries.count
        counts.secrets += 1
        switch line.label {
        case .premaster, .encryptedPremaster: hasPremasters = true
        case .clientTraffic, .serverTraffic, .clientHandshakeTraffic, .serverHandshakeTraffic: hasTrafficSecrets = true
        case .clientRandom, .clientEarlyTraffic, .encryptedClientHello, .sessionID: break
        }
        guard let random else {
            entries.append(Entry(label: line.label, source: source, place: place, session: -1, previous: -1))
            names[index] = line.name
            if line.label == .sessionID {
                entriesBySessionID[line.name] = index
            } else {
                entriesByPremaster[line.name] = index
            }
            return
        }
        let number = session ?? sessions.count
        let previous = session.map { sessions[$0].newest } ?? -1
        entries.append(
            Entry(label: line.label, source: source, place: place, session: Int32(number), previous: previous))
        if session == nil {
            let older = newestByHash.updateValue(Int32(number), forKey: random.hashValue) ?? -1
            sessions.append(SessionEntry(random: random, newest: Int32(index), older: older))
        } else {
            sessions[number].newest = Int32(index)
        }
    }

    private func entry(_ label: KeyLogLabel, _ name: [UInt8], _ session: Int?) -> Int? {
        switch label {
        case .sessionID: entriesBySessionID[name]
        case .encryptedPremaster: entriesByPremaster[name]
        case _: session.flatMap { newestEntry(label, $0) }
        }
    }

    private func newestEntry(_ label: KeyLogLabel, _ session: Int) -> Int? {
        var index = Int(sessions[session].newest)
        while index >= 0 {
            if entries[index].label == label { return index }
            index = Int(entries[index].previous)
        }
        return nil
    }

    private func found(_ index: Int?) -> (secret: Secret, source: KeySource)? {
        guard let index else { return nil }
        entries[index].isUsed = true
        return (secret(at: index), entries[index].source)
    }

    private func secret(at index: Int) -> Secret { store.secret(at: entries[index].place) }

    private func appendHex(of bytes: [UInt8], to lines: inout [UInt8]) {
        for byte in bytes { Hex.append(byte, to: &lines) }
    }
}
