import TapCore

/// The messages of a handshake that tell how the connection is protected. RFC 8446 §4, RFC 5246 §7.4.
package enum HandshakeMessage: Equatable, Sendable {
    case clientHello(ClientHello)
    case serverHello(ServerHello)
    case encryptedExtensions(EncryptedExtensions)
    case endOfEarlyData
    /// The body, which is of another form in each version.
    case newSessionTicket([UInt8])
    /// How the client sends its secret, in the form of the key exchange.
    case clientKeyExchange([UInt8])
    case finished
    case keyUpdate
    /// A message of another type, which is passed over; or one of a type above that is not what it must be.
    case other(UInt8)

    init(type: UInt8, _ body: RawSpan) {
        let message: HandshakeMessage? =
            switch type {
            case 1: ClientHello(body).map { .clientHello($0) }
            case 2: ServerHello(body).map { .serverHello($0) }
            case 4: .newSessionTicket([UInt8](body))
            case 5: .endOfEarlyData
            case 8: EncryptedExtensions(body).map { .encryptedExtensions($0) }
            case 16: .clientKeyExchange([UInt8](body))
            case 20: .finished
            case 24: .keyUpdate
            case _: nil
            }
        self = message ?? .other(type)
    }

    /// Whether the body of a message of this type is read.
    static func isRead(_ type: UInt8) -> Bool {
        switch type {
        case 1, 2, 4, 5, 8, 16, 20, 24: true
        case _: false
        }
    }
}
