/// The control bits of a TCP header. RFC 9293 §3.1.
@usableFromInline
package struct TCPFlags: OptionSet, Sendable {
    @usableFromInline package let rawValue: UInt8

    @inlinable package init(rawValue: UInt8) { self.rawValue = rawValue }

    @inlinable package static var fin: TCPFlags { TCPFlags(rawValue: 0x01) }
    @inlinable package static var syn: TCPFlags { TCPFlags(rawValue: 0x02) }
    @inlinable package static var rst: TCPFlags { TCPFlags(rawValue: 0x04) }
    @inlinable package static var psh: TCPFlags { TCPFlags(rawValue: 0x08) }
    @inlinable package static var ack: TCPFlags { TCPFlags(rawValue: 0x10) }

    /// Whether a segment with these neither begins nor ends anything, and acknowledges: as nearly all do.
    @inlinable package var isPlain: Bool { rawValue & 0x17 == 0x10 }
}
