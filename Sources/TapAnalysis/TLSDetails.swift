public import TapCore
public import TapSecurity
public import TapWebSocket

/// What the handshake of TLS says of a connection.
public struct TLSDetails: Sendable, Equatable, Codable {
    /// `TLS 1.3`, or `0x` and four digits.
    public let version: String?
    /// The name in IANA's registry, or `0x` and four digits for a suite that is not read.
    public let cipher: String?
    /// The name of the host that the client asked for. RFC 6066 §3.
    public let serverName: String?
    /// The protocol that the server chose. RFC 7301.
    public let applicationProtocol: String?
    /// 32 bytes, by which key logs name a session.
    public let clientRandom: [UInt8]?
    /// Where the keys came from.
    public let keys: TLSFacts.Keys?
    /// The secrets that it was read with.
    package let secrets: Secrets

    package struct Secrets: Sendable, Equatable, Codable {
        /// The random by which a key log names the secrets of TLS 1.3.
        package let random: ClientRandom?
        /// The master secret of TLS 1.2 and before.
        package let master: Secret?

        fileprivate init(random: ClientRandom?, master: Secret?) { (self.random, self.master) = (random, master) }

        /// Nobody is told any.
        package init(from decoder: any Decoder) { self.init(random: nil, master: nil) }

        package func encode(to encoder: any Encoder) {}
    }

    package init(_ facts: TLSFacts) {
        version = facts.version?.name
        cipher = facts.suite?.name
        serverName = facts.serverName
        applicationProtocol = facts.applicationProtocol
        clientRandom = facts.clientRandom?.bytes
        keys = facts.keys
        secrets = Secrets(random: facts.secretRandom, master: facts.master)
    }
}

/// A connection of TLS, or of QUIC, that is not read, not to its end, or that failed before any data.
public struct UnreadTLS: Sendable {
    public package(set) var client: Endpoint
    public package(set) var server: Endpoint
    public let tls: TLSDetails
    /// Why it is not read; `nil` where it was, and failed.
    public let reason: TLSUnreadReason?
    /// The first of its packets.
    public let packet: PacketNumber
    public let time: Timestamp
    /// How many of its records were opened, and how many not; `nil` where there was no key for any.
    public let records: (read: Int, unread: Int)?
    /// How far the search for a secret went, where there was one.
    public let search: TLSSearchReport?
    /// Why a peer closed TLS, where it said so before any data, as far as that can be read.
    public let alert: Alert?
    /// What is known of QUIC, where it is no connection of TCP.
    public package(set) var quic: QUIC?

    package init(
        client: Endpoint, server: Endpoint, tls: TLSDetails, reason: TLSUnreadReason?, packet: PacketNumber,
        time: Timestamp, records: (read: Int, unread: Int)? = nil, search: TLSSearchReport? = nil, alert: Alert? = nil
    ) {
        self.client = client
        self.server = server
        self.tls = tls
        self.reason = reason
        self.packet = packet
        self.time = time
        self.records = records
        self.search = search
        self.alert = alert
    }

    /// What the packets of QUIC say beside the hellos in them.
    public struct QUIC: Sendable, Equatable {
        /// `1`, `2`, `draft 29`, or `0x` and eight digits.
        public let version: String?
        /// What the client would speak, the best first; which of it the server chose is encrypted. RFC 7301.
        public let offeredProtocols: [String]
    }

    /// A fatal alert. RFC 8446 §6.2.
    public struct Alert: Sendable, Equatable {
        public let sender: Sender
        /// The name in IANA's registry; `nil` where it is encrypted.
        public let description: String?
    }
}

extension UnreadTLS.Alert {
    /// Only clients send one that is known by its length alone: what servers send before it is as short.
    static let encrypted = UnreadTLS.Alert(sender: .client, description: nil)
}

extension TLSUnreadReason {
    /// Whether there is no key that fits.
    var isOfKeys: Bool {
        switch self {
        case .noKey, .wrongKey, .encryptedClientHello: true
        case .handshakeNotCaptured, .bytesMissing, .cipherUnsupported: false
        }
    }
}

/// How many connections of TLS were read, and why others were not.
public struct TLSTotals: Sendable, Equatable, Codable {
    public internal(set) var connections = 0
    /// Those that were read to their end.
    public internal(set) var read = 0
    /// Those among them in which nobody asked for WebSocket.
    public internal(set) var withoutWebSocket = 0
    /// Those of QUIC that spoke something else than HTTP/3, by ALPN.
    public internal(set) var otherProtocols: [String: Int] = [:]
    public internal(set) var unread: [TLSUnreadReason: Int] = [:]
    /// Those that a peer closed with an alert before any data.
    public internal(set) var failed = 0
    /// Those of which the capture has no data.
    public internal(set) var withoutData = 0
    /// Bytes that were dropped since too many waited for keys.
    public internal(set) var droppedBytes: UInt64 = 0

    public init() {}

    mutating func add(_ other: TLSTotals) {
        connections += other.connections
        read += other.read
        withoutWebSocket += other.withoutWebSocket
        otherProtocols.merge(other.otherProtocols, uniquingKeysWith: +)
        unread.merge(other.unread, uniquingKeysWith: +)
        failed += other.failed
        withoutData += other.withoutData
        droppedBytes += other.droppedBytes
    }
}
