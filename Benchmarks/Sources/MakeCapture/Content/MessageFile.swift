#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The compressed messages of a capture in order, for programs that only inflate: the number of the direction, the
/// length, both of four bytes in little-endian order, and the bytes.
struct MessageFile: ~Copyable {
    private static let blockSize = 1 << 20

    private let path: String
    private let descriptor: Int32
    private var buffer: [UInt8] = []
    private var failure: GeneratorError?

    init(path: String) throws(GeneratorError) {
        self.path = path
        descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_TRUNC, 0o644)
        guard descriptor >= 0 else { throw .cannotWrite(path, reason: errno) }
    }

    deinit {
        _ = close(descriptor)
    }

    mutating func append(_ message: [UInt8], from direction: Int) {
        buffer.append(littleEndian: UInt32(direction))
        buffer.append(littleEndian: UInt32(message.count))
        buffer.append(contentsOf: message)
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
        buffer.removeAll(keepingCapacity: true)
    }
}
