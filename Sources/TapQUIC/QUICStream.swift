import TapCore

/// A stream of a connection of QUIC that is followed.
final class QUICStream {
    let id: UInt64
    /// By direction.
    var sides = [Side(), Side()]

    struct Side {
        var buffer = QUICReassembly()
        /// The number of the packet that brought the last byte before what is missing.
        var lastNumber: UInt64?
        /// How many bytes it has in all, once that is known.
        var finalSize: UInt64?
        /// Nothing more is given of it.
        var isOver = false
        /// Whether what it carries is of no interest.
        var isUnwanted = false
        /// The packet of its end.
        var endPacket: PacketHeader?
    }

    init(_ id: UInt64) { self.id = id }

    /// RFC 9000 §2.1.
    var isOneWay: Bool { id & 2 != 0 }
    var isOfClient: Bool { id & 1 == 0 }
}
