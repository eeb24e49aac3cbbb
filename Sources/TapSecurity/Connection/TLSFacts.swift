/// What is known of a TLS connection.
public struct TLSFacts: Equatable, Sendable {
    package var version: ProtocolVersion?
    package var suite: CipherSuite?
    package var serverName: String?
    /// The protocol that the server chose (RFC 7301).
    package var applicationProtocol: String?
    package var clientRandom: ClientRandom? {
        didSet {
            if secretName == .client, let oldValue, oldValue != clientRandom { secretName = .other(oldValue) }
        }
    }
    package var keys: Keys?
    /// The random under which the log has the secrets of TLS 1.3.
    package var secretRandom: ClientRandom? {
        get {
            switch secretName {
            case .none: nil
            case .client: clientRandom
            case .other(let random): random
            }
        }
        set {
            secretName = newValue.map { $0 == clientRandom ? .client : .other($0) } ?? .none
        }
    }

    private var secretName = SecretName.none

    /// Mostly it is the client's that the capture shows. Not where the hello was encrypted.
    private enum SecretName: Equatable {
        case none, client
        indirect case other(ClientRandom)
    }

    /// The master secret of TLS 1.2 and before, whatever it was made from.
    package internal(set) var master: Secret?

    /// Where the keys came from.
    public enum Keys: String, Sendable, Codable {
        case keyLog = "key-log"
        case capture
        case search
        case rsaKey = "rsa-key"

        package init(_ source: KeySource) {
            switch source {
            case .keyLog: self = .keyLog
            case .capture: self = .capture
            }
        }
    }

    package init() {}
}

/// Why a TLS connection is not read, or not to its end. The raw values are those of the records.
public enum TLSUnreadReason: String, CaseIterable, Sendable, Codable {
    /// There is no secret for it.
    case noKey = "no-key"
    /// There is a secret, and no record opens with it.
    case wrongKey = "wrong-key"
    case handshakeNotCaptured = "handshake-not-captured"
    /// After bytes that the capture does not have, no record opened any more.
    case bytesMissing = "bytes-missing"
    case cipherUnsupported = "cipher-unsupported"
    /// The log says that the hello was encrypted, and has no secret for what was in it.
    case encryptedClientHello = "encrypted-client-hello"
}

/// How far a search went.
public struct TLSSearchReport: Equatable, Sendable {
    /// How often it was tried to open a record.
    public package(set) var tries = 0
    /// How many sessions of the log were tried.
    public package(set) var sessions = 0
    /// Each of them was tried, in its likelier role and cipher, with all record numbers below this one.
    public package(set) var reachedNumber: UInt64 = 0
    /// Whether a limit ended it.
    public package(set) var isEndedByLimit = false
}
