import TapCore

/// What a client offers. RFC 8446 §4.1.2.
package struct ClientHello: Equatable, Sendable {
    package let random: ClientRandom
    package let sessionID: [UInt8]
    package private(set) var suites: [CipherSuite]
    /// RFC 6066 §3; bytes that are no text become U+FFFD.
    package private(set) var serverName: String?
    /// RFC 5077: the ticket, where it has any bytes.
    package private(set) var sessionTicket: [UInt8] = []
    /// RFC 7301: what the client would speak, the best first.
    package private(set) var applicationProtocols: [String] = []
    package private(set) var offersEarlyData = false
    /// Whether there is an encrypted hello, a real one or GREASE: only the server can tell which.
    package private(set) var hasEncryptedClientHello = false

    /// - Parameter isOutline: whether only the random and the name are wanted, which need no memory of their own.
    init?(_ body: RawSpan, isOutline: Bool = false) {
        var reader = ByteReader(body)
        guard reader.skip(2), let randomBytes = reader.take(ClientRandom.length),
            let random = ClientRandom(randomBytes), let sessionID = reader.vector(lengthBytes: 1),
            sessionID.byteCount <= 32,
            let suites = reader.vector(lengthBytes: 2), reader.vector(lengthBytes: 1) != nil
        else { return nil }
        self.random = random
        self.sessionID = isOutline ? [] : [UInt8](sessionID)
        self.suites = isOutline ? [] : suites.numbers().map { CipherSuite(rawValue: $0) }
        guard reader.remaining > 0 else { return }
        guard let extensions = reader.vector(lengthBytes: 2) else { return nil }
        var list = ByteReader(extensions)
        while let type = list.read(UInt16.self), let content = list.vector(lengthBytes: 2) {
            take(type, content, isOutline: isOutline)
        }
    }

    private mutating func take(_ type: UInt16, _ content: RawSpan, isOutline: Bool) {
        switch type {
        case ExtensionType.serverName:
            var reader = ByteReader(content)
            guard let names = reader.vector(lengthBytes: 2) else { return }
            var list = ByteReader(names)
            while let kind = list.read(UInt8.self), let name = list.vector(lengthBytes: 2) {
                if kind == 0, serverName == nil { serverName = String(decoding: name) }
            }
        case ExtensionType.applicationProtocols where !isOutline: takeProtocols(content)
        case ExtensionType.sessionTicket where !isOutline: sessionTicket = [UInt8](content)
        case ExtensionType.earlyData: offersEarlyData = true
        case ExtensionType.encryptedClientHello: hasEncryptedClientHello = true
        case _: break
        }
    }

    private mutating func takeProtocols(_ content: RawSpan) {
        var reader = ByteReader(content)
        guard let names = reader.vector(lengthBytes: 2) else { return }
        var list = ByteReader(names)
        while applicationProtocols.count < Self.mostProtocols, let name = list.vector(lengthBytes: 1) {
            applicationProtocols.append(String(decoding: name))
        }
    }

    /// More are not kept.
    private static let mostProtocols = 16
}
