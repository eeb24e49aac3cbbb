import TapCore

/// The header of a packet that names its version: those of the handshake. RFC 9000 §17.2.
package struct QUICLongHeader {
    package enum Kind: Sendable {
        case initial, zeroRTT, handshake, retry, versionNegotiation
    }

    package let kind: Kind
    package let version: QUICVersion
    package let destination: QUICConnectionID
    package let source: QUICConnectionID
    /// Where the number begins.
    let numberOffset: Int
    /// Where the packet ends: the capture may hold less of it.
    package let end: Int

    /// Reads the header with which the bytes begin; returns `nil` where they do not hold all of it, or it is none.
    package init?(_ bytes: RawSpan) {
        var reader = ByteReader(bytes)
        guard let first = reader.read(UInt8.self), first & 0x80 != 0, let number = reader.read(UInt32.self),
            let destination = reader.connectionID(), let source = reader.connectionID()
        else { return nil }
        version = QUICVersion(rawValue: number)
        kind = version.kind(first)
        self.destination = destination
        self.source = source
        switch kind {
        case .versionNegotiation, .retry:
            // These have no length, and fill their datagrams.
            numberOffset = reader.offset
            end = bytes.byteCount
        case .initial, .zeroRTT, .handshake:
            if kind == .initial {
                guard let token = reader.quicInteger(), reader.skip(Int(clamping: token)) else { return nil }
            }
            guard let length = reader.quicInteger(), length <= QUICLongHeader.longestPacket else { return nil }
            numberOffset = reader.offset
            end = reader.offset + Int(length)
        }
    }

    /// No datagram is longer, in bytes.
    private static let longestPacket = 65_535
}

extension ByteReader {
    /// A connection ID behind its length of one byte.
    fileprivate mutating func connectionID() -> QUICConnectionID? {
        guard let length = read(UInt8.self) else { return nil }
        let start = offset
        guard skip(Int(length)) else { return nil }
        return QUICConnectionID(bytes.extracting(start..<start + Int(length)))
    }
}
