import TapCore

/// Recognises a connection that begins with TLS: by the header of its first record, and the first byte of the handshake
/// message in it. RFC 8446 §5.1 and §4; the same in all versions since SSL 3.0.
package struct TLSOpening {
    enum Progress { case going, whole, absent }

    /// The content type of a handshake record, which no method and no status line begins with.
    static let firstByte: UInt8 = 22

    /// How many bytes were taken, and which.
    private var count = 0
    private var taken: UInt64 = 0

    package var bytes: [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: taken >> UInt64(8 * (count - 1 - $0))) }
    }

    /// Consumes bytes from `offset` on, as long as they may be a ClientHello's or a ServerHello's first.
    mutating func read(_ bytes: RawSpan, from offset: inout Int) -> Progress {
        while offset < bytes.byteCount {
            guard accepts(bytes.uint8(at: offset)) else { return .absent }
            taken = taken << 8 | UInt64(bytes.uint8(at: offset))
            offset += 1
            count += 1
            if count == RecordHeader.length + 1 { return .whole }
        }
        return .going
    }

    private func accepts(_ byte: UInt8) -> Bool {
        switch count {
        case 0: byte == TLSOpening.firstByte
        case 1: byte == 3
        case 2: byte <= 4
        case 3: byte <= 0x40  // a record's length is at most 2^14
        case 4: true
        case _: byte == 1 || byte == 2  // client_hello, server_hello
        }
    }
}
