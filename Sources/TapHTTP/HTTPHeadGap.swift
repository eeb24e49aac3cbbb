/// How much of a head the capture holds, where that is not all of it.
public struct HTTPHeadGap: Equatable, Sendable {
    /// Bytes of the head that were captured.
    public let captured: UInt64
    /// Bytes that are missing in it, or where it should be; 0 where the stream just ends within it.
    public let missing: UInt64

    package init(captured: UInt64, missing: UInt64) {
        self.captured = captured
        self.missing = missing
    }
}
