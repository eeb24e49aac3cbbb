import TapCore

/// One of the two directions of a flow; which peer it belongs to is another question.
package enum TLSDirection: Int, CaseIterable, Sendable {
    case first, second

    package var opposite: TLSDirection { self == .first ? .second : .first }
}

/// Where a record of a direction was.
package struct TLSRecordPlace: Equatable, Sendable {
    /// How many records of this direction were opened before it.
    package let number: Int
    /// The packet of its first byte, and that of its last.
    package let firstPacket: PacketHeader
    package let packet: PacketHeader
    /// Whether records of the peer that came before may still be read.
    package let isPeerBehind: Bool
}

/// What is missing between two records that were opened.
package struct TLSLoss: Equatable, Sendable {
    /// How many bytes lie between them on the wire.
    package let wireBytes: Int
    /// How many records; `nil` where no further record was opened.
    package let records: UInt64?
    /// How much they carried: at most so many bytes, and exactly so many where ``isExact`` and they all carried data.
    package let plainBytes: Int
    /// Whether the length of what is encrypted tells that of what it carries.
    package let isExact: Bool
}

/// What happens on a TLS connection beside its data.
package enum TLSEvent: Equatable, Sendable {
    case clientHello(ClientHello)
    case serverHello(ServerHello)
    /// The protocol that was agreed, and whether early data is taken: TLS 1.3 says so under encryption.
    case encryptedExtensions(EncryptedExtensions)
    case alert(TLSAlert)
    /// The sender says that it sends nothing more: `close_notify`, once there are keys. RFC 8446 §6.1.
    case closed
    case keyUpdate
    /// A record of early data that the server does not take: the client sends its data again.
    case earlyDataRejected
    /// The first record of this direction was opened.
    case opened
    /// Application data follows, of either direction for the first time since a hello.
    case dataBegins
}

/// Receives what the records of TLS connections carry.
package protocol TLSSink: ~Copyable {
    /// Application data, in order. It is borrowed: copy what must outlive the call.
    mutating func received(_ plain: RawSpan, on direction: TLSDirection, from record: TLSRecordPlace)
    /// Application data may be missing here.
    mutating func missed(_ loss: TLSLoss, on direction: TLSDirection, before packet: PacketHeader)
    mutating func ended(_ direction: TLSDirection, in packet: PacketHeader)
    mutating func found(_ event: TLSEvent, on direction: TLSDirection, in packet: PacketHeader)
}
