import TapCore

/// What a server chose. RFC 8446 §4.1.3, RFC 5246 §7.4.1.3.
package struct ServerHello: Equatable, Sendable {
    package let random: ClientRandom
    package let sessionID: [UInt8]
    package let suite: CipherSuite
    package private(set) var version: ProtocolVersion
    /// Whether the server asks for another ClientHello.
    package let isRetryRequest: Bool
    /// RFC 7366: where there is CBC, the code is that of what is encrypted.
    package private(set) var encryptsThenAuthenticates = false
    /// RFC 7627.
    package private(set) var hasExtendedMasterSecret = false
    /// RFC 8449, in bytes.
    package private(set) var recordSizeLimit: Int?
    /// The protocol chosen, up to TLS 1.2.
    package private(set) var applicationProtocol: String?
    /// Only in a retry request: the server takes the encrypted hello.
    package private(set) var hasEncryptedClientHello = false

    /// SHA-256 of "HelloRetryRequest".
    private static let retryRandom = ClientRandom(
        0xCF21_AD74_E59A_6111, 0xBE1D_8C02_1E65_B891, 0xC2A2_1116_7ABB_8C5E, 0x079E_09E2_C8A8_339C)

    /// - Parameter isOutline: whether the session is not wanted, which needs memory of its own.
    init?(_ body: RawSpan, isOutline: Bool = false) {
        var reader = ByteReader(body)
        guard let version = reader.read(UInt16.self), let randomBytes = reader.take(ClientRandom.length),
            let random = ClientRandom(randomBytes), let sessionID = reader.vector(lengthBytes: 1),
            sessionID.byteCount <= 32,
            let suite = reader.read(UInt16.self), reader.read(UInt8.self) != nil
        else { return nil }
        self.random = random
        isRetryRequest = random == Self.retryRandom
        self.sessionID = isOutline ? [] : [UInt8](sessionID)
        self.suite = CipherSuite(rawValue: suite)
        self.version = ProtocolVersion(rawValue: version)
        guard reader.remaining > 0 else { return }
        guard let extensions = reader.vector(lengthBytes: 2) else { return nil }
        var list = ByteReader(extensions)
        while let type = list.read(UInt16.self), let content = list.vector(lengthBytes: 2) {
            switch type {
            case ExtensionType.supportedVersions where content.byteCount == 2:
                self.version = ProtocolVersion(rawValue: content.uint16(at: 0))
            case ExtensionType.encryptThenMAC: encryptsThenAuthenticates = true
            case ExtensionType.extendedMasterSecret: hasExtendedMasterSecret = true
            case ExtensionType.recordSizeLimit where content.byteCount == 2:
                recordSizeLimit = Int(content.uint16(at: 0))
            case ExtensionType.applicationProtocols: applicationProtocol = Self.chosenProtocol(in: content)
            case ExtensionType.encryptedClientHello: hasEncryptedClientHello = true
            case _: break
            }
        }
    }

    /// The protocol that a server chose of a client's: the only one of its list. RFC 7301 §3.1.
    static func chosenProtocol(in content: RawSpan) -> String? {
        var reader = ByteReader(content)
        guard let names = reader.vector(lengthBytes: 2) else { return nil }
        var list = ByteReader(names)
        guard let name = list.vector(lengthBytes: 1) else { return nil }
        return String(decoding: name)
    }
}

/// What a server of TLS 1.3 says under encryption. RFC 8446 §4.3.1.
package struct EncryptedExtensions: Equatable, Sendable {
    package private(set) var applicationProtocol: String?
    package private(set) var acceptsEarlyData = false
    package private(set) var recordSizeLimit: Int?

    init?(_ body: RawSpan) {
        var reader = ByteReader(body)
        guard let extensions = reader.vector(lengthBytes: 2) else { return nil }
        var list = ByteReader(extensions)
        while let type = list.read(UInt16.self), let content = list.vector(lengthBytes: 2) {
            switch type {
            case ExtensionType.applicationProtocols: applicationProtocol = ServerHello.chosenProtocol(in: content)
            case ExtensionType.earlyData: acceptsEarlyData = true
            case ExtensionType.recordSizeLimit where content.byteCount == 2:
                recordSizeLimit = Int(content.uint16(at: 0))
            case _: break
            }
        }
    }
}
