#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A file that is written in large blocks.
///
/// A write error is remembered and thrown by `finish()`; what follows it is dropped.
struct BlockFile: ~Copyable {
    private static let blockSize = 1 << 20
    private static let longestRecord = 1 << 16

    private let path: String
    private let descriptor: Int32
    private var flushedBytes = 0
    private var failure: GeneratorError?

    /// What is to be written next; whoever appends to it calls `flushWhenFull()`.
    var buffer: [UInt8] = []

    /// How long the file is so far.
    var size: Int { flushedBytes + buffer.count }

    init(path: String) throws(GeneratorError) {
        self.path = path
        descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_TRUNC, 0o644)
        guard descriptor >= 0 else { throw .cannotWrite(path, reason: errno) }
        buffer.reserveCapacity(Self.blockSize + Self.longestRecord)
    }

    deinit {
        _ = close(descriptor)
    }

    mutating func flushWhenFull() {
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
