import TapCore
import TapSecurity

/// The keys for TLS that there are from the beginning, and what reading it may cost.
public struct TLSOptions: Sendable {
    /// Gives whole key logs (RFC 9850), and such as stand in captures, once the first of them is needed.
    package var supply: (any TLSSecretsSupply)?
    /// PEM files of servers' RSA keys, for TLS 1.2 and before.
    package var rsaKeys: [TLSSecrets] = []
    /// Whether further secrets may come: then records wait for them.
    package var secretsMayCome = false
    /// How often it is tried to open a record of one connection whose secret or number is not known. In all connections
    /// together it is tried ten times as often.
    public var searchLimit = TLSOptions.usual.tries
    /// Bytes of one connection that wait for keys; in all connections together 64 times as many.
    public var heldLimit = TLSOptions.usual.heldBytes
    /// Contexts of ciphers that are kept at once; one that is needed again is set up again.
    public var cipherLimit = TLSOptions.usual.ciphers

    private static let usual = TLSLimits()

    public init() {}

    /// Whether there may be secrets, now or later.
    var mayHaveSecrets: Bool { supply != nil || secretsMayCome }

    /// Whether no limit on all connections is lower than usual.
    var areLimitsUsual: Bool {
        let usual = TLSOptions.usual
        return searchLimit >= usual.tries && heldLimit >= usual.heldBytes && cipherLimit >= usual.ciphers
    }
}

/// Knows where secrets are. Threads may share it.
package protocol TLSSecretsSupply: Sendable {
    /// All there are; asked once for each part of the connections.
    func secrets() -> [TLSSecrets]
}

/// Secrets as somebody wrote them, wiped with the last reference.
package final class TLSSecrets: Sendable {
    package let source: KeySource
    private let secret: Secret

    package init(wiping bytes: inout [UInt8], from source: KeySource) {
        self.source = source
        secret = Secret(wiping: &bytes)
    }

    package func add(to log: KeyLog) {
        var reader = KeyLogReader(source)
        withBytes { reader.receive($0, into: log) }
        reader.finish(into: log)
    }

    func withBytes<Result>(_ body: (RawSpan) -> Result) -> Result {
        let secret = secret
        return body(secret.bytes)
    }
}

extension TLSContext {
    /// The context of one of several parts of the connections, each of which has an equal share of the limits.
    convenience init(_ options: TLSOptions, parts: Int) {
        var limits = TLSLimits()
        limits.tries = options.searchLimit
        limits.triesInAll = min(options.searchLimit, .max / 10) * 10 / parts
        limits.heldBytes = options.heldLimit
        limits.heldBytesInAll = min(options.heldLimit, .max / 64) * 64 / parts
        limits.ciphers = max(1, options.cipherLimit / parts)
        limits.resumableSessions /= parts
        let rsaKeys = options.rsaKeys.compactMap { $0.withBytes { RSAKey(pem: $0) } }
        let fill: ((KeyLog) -> Void)? = options.supply.map { supply in
            { log in for secrets in supply.secrets() { secrets.add(to: log) } }
        }
        self.init(
            keyLog: KeyLog(limits: KeyLog.Limits()), rsaKeys: rsaKeys, keysMayCome: options.secretsMayCome,
            limits: limits, fill: fill)
    }
}
