/// A classic little-endian microsecond capture file of Ethernet packets.
///
/// A write error is remembered and thrown by `finish()`; what follows it is dropped.
struct PcapFile: ~Copyable {
    /// What stands before each packet.
    static let recordHeaderLength = 16

    private var file: BlockFile

    private(set) var packets = 0
    private(set) var capturedBytes = 0

    /// How long the file is so far, headers included.
    var size: Int { file.size }

    init(path: String) throws(GeneratorError) {
        file = try BlockFile(path: path)
        file.buffer.append(littleEndian: UInt32(0xA1B2_C3D4))
        file.buffer.append(littleEndian: UInt16(2))
        file.buffer.append(littleEndian: UInt16(4))
        file.buffer.append(littleEndian: UInt64(0))
        file.buffer.append(littleEndian: UInt32(262_144))
        file.buffer.append(littleEndian: UInt32(1))
    }

    /// Writes one record, whose packet `encode` appends to the buffer it is given.
    mutating func append(at microseconds: UInt64, encode: (inout [UInt8]) -> Void) {
        let recordHeader = file.buffer.count
        file.buffer.append(littleEndian: UInt32(truncatingIfNeeded: microseconds / 1_000_000))
        file.buffer.append(littleEndian: UInt32(truncatingIfNeeded: microseconds % 1_000_000))
        file.buffer.append(littleEndian: UInt64(0))
        let packetStart = file.buffer.count
        encode(&file.buffer)
        let length = file.buffer.count - packetStart
        for field in [8, 12] {
            for byte in 0..<4 {
                file.buffer[recordHeader + field + byte] = UInt8(truncatingIfNeeded: length >> (8 * byte))
            }
        }
        packets += 1
        capturedBytes += length
        file.flushWhenFull()
    }

    /// Writes what is left.
    mutating func finish() throws(GeneratorError) { try file.finish() }
}
