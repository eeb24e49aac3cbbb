import ArgumentParser
import Glibc
import Synchronization
import TapAnalysis
import TapCore
import TapSecurity
import TapSources

/// The key logs that a user named: opened at once, read when they are needed, and followed as they grow.
final class KeyLogFiles: Sendable {
    private struct File: ~Copyable {
        var followed: FollowedFile
        /// The beginning of a line whose end did not come yet.
        var pending: [UInt8] = []
    }

    /// One for each file: an array cannot hold values that are not copied.
    private final class Place: Sendable {
        let file: Mutex<File>

        init(path: String) throws(SystemError) { file = Mutex(File(followed: try FollowedFile(path: path))) }
    }

    private let places: [Place]
    private let lastLook = Mutex<ContinuousClock.Instant?>(nil)

    private init(_ places: [Place]) { self.places = places }

    var isEmpty: Bool { places.isEmpty }

    /// Throws where one cannot be opened.
    convenience init(paths: [String]) throws {
        self.init(try paths.map { try KeyLogFiles.open($0, "key log") })
    }

    private static func open(_ path: String, _ what: String) throws -> Place {
        do throws(SystemError) { return try Place(path: path) } catch {
            guard error.code != EISDIR else { throw ValidationError("\(path): a \(what) is no directory") }
            throw CaptureError("\(path): \(error)")
        }
    }

    /// The one that the environment names, for programs that write it. One that cannot be opened is told, and no error.
    /// - Parameter isTold: whether it is said which one that is.
    static func ofEnvironment(isTold: Bool) -> KeyLogFiles {
        guard let path = Environment.value("SSLKEYLOGFILE"), !path.isEmpty else { return KeyLogFiles([]) }
        do throws(SystemError) {
            let place = try Place(path: path)
            if isTold { StandardError.say("TLS keys come from $SSLKEYLOGFILE, \(path)") }
            return KeyLogFiles([place])
        } catch {
            StandardError.say("$SSLKEYLOGFILE, \(path): \(error)")
            return KeyLogFiles([])
        }
    }

    /// A server's RSA key.
    static func rsaKey(_ path: String) throws -> TLSSecrets {
        let place = try open(path, "key")
        var bytes = place.file.withLock { KeyLogFiles.read(&$0, isLast: true) }
        guard RSAKey(pem: bytes.span.bytes) != nil else {
            throw CaptureError("\(path): no RSA key in PEM, or one with a password")
        }
        return TLSSecrets(wiping: &bytes, from: .keyLog)
    }

    /// What was written since the last call, in whole lines.
    /// - Parameter isLast: whether the end of the last line is not waited for.
    func next(isLast: Bool) -> [TLSSecrets] {
        places.compactMap { place in
            var bytes = place.file.withLock { KeyLogFiles.read(&$0, isLast: isLast) }
            return bytes.isEmpty ? nil : TLSSecrets(wiping: &bytes, from: .keyLog)
        }
    }

    /// The same, where the last call is not just now: it is asked for each packet.
    func nextIfDue() -> [TLSSecrets] {
        let isDue = lastLook.withLock { last in
            let now = ContinuousClock.now
            guard last.map({ now - $0 >= KeyLogFiles.timeBetweenLooks }) ?? true else { return false }
            last = now
            return true
        }
        return isDue ? next(isLast: false) : []
    }

    private static let timeBetweenLooks = Duration.milliseconds(50)

    private static func read(_ file: inout File, isLast: Bool) -> [UInt8] {
        var bytes: [UInt8] = []
        swap(&bytes, &file.pending)
        file.followed.readLines(into: &bytes)
        guard !isLast else { return bytes }
        let end = FollowedFile.endOfLines(in: bytes)
        file.pending = Array(bytes[end...])
        bytes.removeSubrange(end...)
        return bytes
    }
}

/// Reads key logs, and what captures hold of them, when the first secret is needed.
final class SecretsOnDemand: TLSSecretsSupply {
    /// Which of them a user may want to hand on.
    enum Choice: String, ExpressibleByArgument, CaseIterable { case none, used }

    private let logs: KeyLogFiles?
    private let captures: [String]
    private let found = Mutex<[TLSSecrets]?>(nil)

    init(logs: KeyLogFiles?, captures: [String]) {
        self.logs = logs
        self.captures = captures
    }

    /// What of the logs connections were read with: those of TLS 1.3 as they were logged, and the master secrets of TLS 1.2 and
    /// before under the randoms of the connections themselves.
    /// - Parameter includesLogs: whether it may come from other sources than the captures.
    func lines(for connections: [TLSDetails], includesLogs: Bool) -> [UInt8] {
        let log = KeyLog(limits: KeyLog.Limits())
        for secrets in secrets() where includesLogs || secrets.source == .capture { secrets.add(to: log) }
        var lines: [UInt8] = []
        for tls in connections {
            if let session = tls.secrets.random.flatMap({ log.session(of: $0) }) { log.use(session) }
            guard let master = tls.secrets.master, let random = tls.clientRandom,
                includesLogs || tls.keys == .capture
            else { continue }
            lines += "CLIENT_RANDOM ".utf8
            for byte in random { Hex.append(byte, to: &lines) }
            lines.append(UInt8(ascii: " "))
            for index in 0..<master.count { Hex.append(master.bytes.uint8(at: index), to: &lines) }
            lines.append(UInt8(ascii: "\n"))
        }
        return log.usedLines + lines
    }

    func secrets() -> [TLSSecrets] {
        found.withLock { found in
            if let found { return found }
            var secrets = logs?.next(isLast: true) ?? []
            for held in CaptureSecrets.all(in: captures) {
                var bytes = held.bytes
                secrets.append(TLSSecrets(wiping: &bytes, from: .capture))
            }
            found = secrets
            return secrets
        }
    }
}
