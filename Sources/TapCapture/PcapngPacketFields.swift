import TapBytes

/// The numbers at the start of an enhanced packet block, or of the obsolete one, which differs in the first.
struct PcapngPacketFields {
    let interface: Int
    let ticks: UInt64
    let capturedLength: Int
    let originalLength: Int

    /// `block` is a whole block.
    init(_ block: RawSpan, _ order: ByteOrder, _ kind: PcapngBlock.Kind) {
        interface = kind == .enhancedPacket ? Int(block.uint32(at: 8, order)) : Int(block.uint16(at: 8, order))
        ticks = UInt64(block.uint32(at: 12, order)) << 32 | UInt64(block.uint32(at: 16, order))
        capturedLength = Int(block.uint32(at: 20, order))
        originalLength = Int(block.uint32(at: 24, order))
    }
}
