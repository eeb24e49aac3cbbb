/// The messages of a handshake. Signatures, which nobody but the peers checks, are random bytes, and lists of certificates are
/// empty: a reader may give up a connection whose certificate it cannot make sense of.
struct HandshakeMessages {
    private static let serverName = "chat.example.com"
    private static let signatureLength = 256

    private let suite: TLSSuite
    private let clientRandom: [UInt8]
    private let serverRandom: [UInt8]
    private let signature: [UInt8]
    private let keyShare: [UInt8]
    private let verification: [UInt8]

    init(_ suite: TLSSuite, _ clientRandom: [UInt8], _ serverRandom: [UInt8], random: inout RandomSource) {
        self.suite = suite
        self.clientRandom = clientRandom
        self.serverRandom = serverRandom
        signature = random.bytes(Self.signatureLength)
        keyShare = random.bytes(32)
        verification = random.bytes(32)
    }

    /// RFC 8446 §4.1.2, in a record of its own.
    var clientHello: [UInt8] {
        let name = Array(Self.serverName.utf8)
        var extensions = field(0, vector16([0] + vector16(name)))
        extensions += field(16, vector16(vector8(Array("http/1.1".utf8))))
        if suite.isTLS13 {
            extensions += field(43, [2, 0x03, 0x04])
            // X25519 alone.
            extensions += field(51, vector16([0x00, 0x1D] + vector16(keyShare)))
        }
        var body: [UInt8] = [0x03, 0x03] + clientRandom + vector8([])
        body += vector16(bigEndian(suite.number)) + vector8([0]) + vector16(extensions)
        return record(message(1, body))
    }

    /// RFC 8446 §4.1.3, in a record of its own.
    var serverHello: [UInt8] {
        let extensions =
            suite.isTLS13
            ? field(43, [0x03, 0x04]) + field(51, [0x00, 0x1D] + vector16(keyShare))
            : field(16, vector16(vector8(Array("http/1.1".utf8))))
        let body =
            [0x03, 0x03] + serverRandom + vector8([]) + bigEndian(suite.number) + [0] + vector16(extensions)
        return record(message(2, body))
    }

    /// What a server of TLS 1.3 says next: extensions, a certificate, a signature and the end of its handshake.
    var encryptedByServer: [UInt8] {
        let extensions = field(16, vector16(vector8(Array("http/1.1".utf8))))
        return message(8, vector16(extensions))
            + message(11, [0] + vector24([]))
            + message(15, [0x08, 0x04] + vector16(signature)) + finished(length: 32)
    }

    /// What a server of TLS 1.2 says after its hello. RFC 5246 §7.4, RFC 8422 §5.4.
    var clearOfServer: [UInt8] {
        record(message(11, vector24([])))
            + record(message(12, [3, 0x00, 0x1D] + vector8(keyShare) + [0x08, 0x04] + vector16(signature)))
            + record(message(14, []))
    }

    /// RFC 8422 §5.7.
    var clientKeyExchange: [UInt8] { record(message(16, vector8(keyShare))) }

    func finished(length: Int) -> [UInt8] { message(20, Array(verification.prefix(length))) }

    private func message(_ type: UInt8, _ body: [UInt8]) -> [UInt8] { [type] + vector24(body) }

    private func record(_ message: [UInt8]) -> [UInt8] {
        [ContentType.handshake.rawValue, 0x03, 0x03] + vector16(message)
    }

    private func field(_ type: UInt16, _ content: [UInt8]) -> [UInt8] { bigEndian(type) + vector16(content) }

    private func vector8(_ bytes: [UInt8]) -> [UInt8] { [UInt8(bytes.count)] + bytes }

    private func vector16(_ bytes: [UInt8]) -> [UInt8] { bigEndian(UInt16(bytes.count)) + bytes }

    private func vector24(_ bytes: [UInt8]) -> [UInt8] {
        [UInt8(bytes.count >> 16)] + bigEndian(UInt16(bytes.count & 0xFFFF)) + bytes
    }

    private func bigEndian(_ number: UInt16) -> [UInt8] { [UInt8(number >> 8), UInt8(number & 0xFF)] }
}
