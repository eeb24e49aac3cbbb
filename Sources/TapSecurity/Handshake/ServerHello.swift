import TapCore

/// What a server chose. RFC 8446 §4.1.3, RFC 5246 §7.4.1.3.
package struct ServerHello: Equatable, Sendable {
    package let random: [UInt8]
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
    private static let retryRandom: [UInt8] = [
        0xCF, 0x21, 0xAD, 0x74, 0xE5, 0x9A, 0x61, 0x11, 0xBE, 0x1D, 0x8C, 0x02, 0x1E, 0x65, 0xB8, 0x91,
        0xC2, 0xA2, 0x11, 0x16, 0x7A, 0xBB, 0x8C, 0x5E, 0x07, 0x9E, 0x09, 0xE2, 0xC8, 0xA8, 0x33, 0x9C,
    ]

    init?(_ body: RawSpan) {
        var reader = ByteReader(body)
        guard let version = reader.read(UInt16.self), let random = reader.take(ClientRandom.length),
            let sessionID = reader.vector(lengthBytes: 1), sessionID.byteCount <= 32,
            let suite = reader.read(UInt16.self), reader.read(UInt8.self) != nil
        else { return nil }
        self.random = [UInt8](random)
        isRetryRequest = self.random == Self.retryRandom
        self.sessionID = [UInt8](sessionID)
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
            case ExtensionType.applicationProtocols: applicationProtocol = ClientHello.protocols(in: content).first
            case ExtensionType.encryptedClientHello: hasEncryptedClientHello = true
            case _: break
            }
        }
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
            case ExtensionType.applicationProtocols: applicationProtocol = ClientHello.protocols(in: content).first
            case ExtensionType.earlyData: acceptsEarlyData = true
            case ExtensionType.recordSizeLimit where content.byteCount == 2:
                recordSizeLimit = Int(content.uint16(at: 0))
            case _: break
            }
        }
    }
}
