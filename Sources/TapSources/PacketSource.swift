public import TapCore

/// Packets one after another, each with its bytes.
public protocol PacketSource: ~Copyable {
    /// Moves to the next packet and answers what the capture says of it, or `nil` after the last one.
    ///
    /// Every packet before a damaged place is given before the error is thrown, and `nil` follows the error.
    mutating func next() throws(CaptureError) -> PacketHeader?

    /// The captured bytes of the packet that `next()` moved to; they are borrowed until the next call of it.
    var bytes: RawSpan {
        @_lifetime(borrow self) borrowing get
    }
}
