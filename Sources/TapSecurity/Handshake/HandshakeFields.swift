import TapCore

/// Reads the vectors of handshake messages. RFC 8446 §3.4.
extension ByteReader {
    /// The bytes of a vector whose length stands before it in so many bytes.
    @_lifetime(copy self)
    mutating func vector(lengthBytes: Int) -> RawSpan? {
        var ahead = self
        var length = 0
        for _ in 0..<lengthBytes {
            guard let byte = ahead.read(UInt8.self) else { return nil }
            length = length << 8 | Int(byte)
        }
        let start = ahead.offset
        guard ahead.skip(length) else { return nil }
        self = ahead
        return bytes.from(start).upTo(length)
    }

    @_lifetime(copy self)
    mutating func take(_ count: Int) -> RawSpan? {
        let start = offset
        guard skip(count) else { return nil }
        return bytes.from(start).upTo(count)
    }
}

extension RawSpan {
    /// The 16-bit numbers of a list; what is left over at its end is left out.
    func numbers() -> [UInt16] { stride(from: 0, to: byteCount - 1, by: 2).map { uint16(at: $0) } }
}

/// The numbers of extensions that are looked at. IANA, TLS ExtensionType Values.
enum ExtensionType {
    static let serverName: UInt16 = 0
    static let applicationProtocols: UInt16 = 16
    static let encryptThenMAC: UInt16 = 22
    static let extendedMasterSecret: UInt16 = 23
    static let recordSizeLimit: UInt16 = 28
    static let sessionTicket: UInt16 = 35
    static let earlyData: UInt16 = 42
    static let supportedVersions: UInt16 = 43
    static let encryptedClientHello: UInt16 = 0xFE0D
}
