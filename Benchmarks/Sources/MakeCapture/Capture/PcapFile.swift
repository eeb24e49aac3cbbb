#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A classic little-endian microsecond capture file of Ethernet packets, written in large blocks.
///
/// A write error is remembered and thrown by `finish()`; what follows it is dropped.
struct PcapFile: ~Copyable {
    private static let blockSize = 1 << 20
    private static let longestRecord = 1 << 16

    private let path: String
    private let descriptor: Int32
    private var buffer: [UInt8] = []
    private var flushedBytes = 0
    private var failure: GeneratorError?

    private(set) var packets = 0
    private(set) var capturedBytes = 0

    /// How long the file is so far, headers included.
    var size: Int { flushedBytes + buffer.count }

    init(path: String) throws(GeneratorError) {
        self.path = path
        descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_TRUNC, 0o644)
        guard descriptor >= 0 else { throw .cannotWrite(path, reason: errno) }
        buffer.reserveCapacity(Self.blockSize + Self.longestRecord)
        buffer.append(littleEndian: UInt32(0xA1B2_C3D4))
        buffer.append(littleEndian: UInt16(2))
        buffer.append(littleEndian: UInt16(4))
        buffer.append(littleEndian: UInt64(0))
        buffer.append(littleEndian: UInt32(262_144))
        buffer.append(littleEndian: UInt32(1))
    }

    deinit {
        _ = close(descriptor)
    }

    /// Writes one record, whose packet `encode` appends to the buffer it is given.
    mutating func append(at microseconds: UInt64, encode: (inout [UInt8]) -> Void) {
        let recordHeader = buffer.count
        buffer.append(littleEndian: UInt32(truncatingIfNeeded: microseconds / 1_000_000))
        buffer.append(littleEndian: UInt32(truncatingIfNeeded: microseconds % 1_000_000))
        buffer.append(littleEndian: UInt64(0))
        let packetStart = buffer.count
        encode(&buffer)
        let length = buffer.count - packetStart
        for field in [8, 12] {
            for byte in 0..<4 {
                buffer[recordHeader + field + byte] = UInt8(truncatingIfNeeded: length >> (8 * byte))
            }
        }
        packets += 1
        capturedBytes += length
        if buffer.count >= Self.blockSize { flush() }
    }

    /// Writes what is left.
    mutating func finish() throws(GeneratorError) {
        flush()
        if let failure { throw failure }
    }

    private mutating func flush() {
        var written = 0
        while written < buffer.count, failure == nil {
            let count = unsafe buffer.withUnsafeBytes { bytes in
                unsafe write(descriptor, bytes.baseAddress.map { unsafe $0 + written }, bytes.count - written)
            }
            if count > 0 {
                written += count
            } else if count == 0 || errno != EINTR {
                failure = .cannotWrite(path, reason: errno)
            }
        }
        flushedBytes += buffer.count
        buffer.removeAll(keepingCapacity: true)
    }
}
