/// Gives an ``InputBuffer`` other memory for every piece, because somebody still looks at the packets in the one before.
protocol StorageRotation: AnyObject {
    /// Ends the piece whose packets end at `position`, and answers the memory for the next one, which begins with a copy
    /// of `rest`; `nil` where nobody wants one.
    func turn(at position: UInt64, keeping rest: UnsafeRawBufferPointer) -> UnsafeMutableRawBufferPointer?

    /// Makes room for a record that is longer than the memory of its piece, and keeps the first `count` bytes.
    func enlarge(to size: Int, keeping count: Int) -> UnsafeMutableRawBufferPointer
}
