import TapCore

/// What a client offers. RFC 8446 §4.1.2.
package struct ClientHello: Equatable, Sendable {
    package let random: ClientRandom
    /// Up to TLS 1.2 the newest version that the client speaks; with the extension always 1.2.
    package let legacyVersion: ProtocolVersion
    package let sessionID: [UInt8]
    package private(set) var suites: [CipherSuite]
    /// RFC 6066 §3; bytes that are no text become U+FFFD.
    package private(set) var serverName: String?
    /// RFC 7301, in the order of the client's preference.
    package private(set) var applicationProtocols: [String] = []
    package private(set) var supportedVersions: [ProtocolVersion] = []
    package private(set) var keyShareGroups: [UInt16] = []
    /// RFC 5077: the ticket, where it has any bytes.
    package private(set) var sessionTicket: [UInt8] = []
    package private(set) var offersEarlyData = false
    /// Whether there is an encrypted hello, in earnest or as GREASE: nobody but the server can tell.
    package private(set) var hasEncryptedClientHello = false

    /// How many names, protocols, versions and groups are kept of each list.
    private static let longestList = 64

    init?(_ body: RawSpan) {
        var reader = ByteReader(body)
        guard let version = reader.read(UInt16.self), let randomBytes = reader.take(ClientRandom.length),
            let random = ClientRandom(randomBytes), let sessionID = reader.vector(lengthBytes: 1),
            sessionID.byteCount <= 32,
            let suites = reader.vector(lengthBytes: 2), reader.vector(lengthBytes: 1) != nil
        else { return nil }
        self.random = random
        legacyVersion = ProtocolVersion(rawValue: version)
        self.sessionID = [UInt8](sessionID)
        self.suites = suites.numbers().map { CipherSuite(rawValue: $0) }
        guard reader.remaining > 0 else { return }
        guard let extensions = reader.vector(lengthBytes: 2) else { return nil }
        var list = ByteReader(extensions)
        while let type = list.read(UInt16.self), let content = list.vector(lengthBytes: 2) { take(type, content) }
    }

    private mutating func take(_ type: UInt16, _ content: RawSpan) {
        var reader = ByteReader(content)
        switch type {
        case ExtensionType.serverName:
            guard let names = reader.vector(lengthBytes: 2) else { return }
            var list = ByteReader(names)
            while let kind = list.read(UInt8.self), let name = list.vector(lengthBytes: 2) {
                if kind == 0, serverName == nil { serverName = String(decoding: name) }
            }
        case ExtensionType.applicationProtocols: applicationProtocols = Self.protocols(in: content)
        case ExtensionType.supportedVersions:
            guard let versions = reader.vector(lengthBytes: 1) else { return }
            supportedVersions = versions.numbers().prefix(Self.longestList).map { ProtocolVersion(rawValue: $0) }
        case ExtensionType.keyShare:
            guard let shares = reader.vector(lengthBytes: 2) else { return }
            var list = ByteReader(shares)
            while let group = list.read(UInt16.self), list.vector(lengthBytes: 2) != nil {
                if keyShareGroups.count < Self.longestList { keyShareGroups.append(group) }
            }
        case ExtensionType.sessionTicket: sessionTicket = [UInt8](content)
        case ExtensionType.earlyData: offersEarlyData = true
        case ExtensionType.encryptedClientHello: hasEncryptedClientHello = true
        case _: break
        }
    }

    /// RFC 7301 §3.1.
    static func protocols(in content: RawSpan) -> [String] {
        var reader = ByteReader(content)
        guard let names = reader.vector(lengthBytes: 2) else { return [] }
        var list = ByteReader(names)
        var protocols: [String] = []
        while let name = list.vector(lengthBytes: 1), protocols.count < longestList {
            protocols.append(String(decoding: name))
        }
        return protocols
    }
}
