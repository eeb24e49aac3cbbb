import Glibc

/// Where results go: standard output or a file, through one buffer.
struct Output: ~Copyable {
    var buffer: [UInt8] = []
    private let descriptor: Int32
    private let name: String
    private static let flushedFrom = 64 << 10

    /// Creates or empties the file at `path`; `nil` or `-` is standard output.
    init(path: String?) throws(OutputError) {
        guard let path, path != "-" else {
            descriptor = STDOUT_FILENO
            name = "standard output"
            return
        }
        name = path
        descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else { throw .failed("\(path): \(String(cString: strerror(errno)))") }
    }

    deinit {
        if descriptor != STDOUT_FILENO { close(descriptor) }
    }

    var isTerminal: Bool { isatty(descriptor) == 1 }

    /// Writes the buffer out when it is large enough for that to pay.
    mutating func flushWhenFull() throws(OutputError) {
        if buffer.count >= Output.flushedFrom { try flush() }
    }

    mutating func flush() throws(OutputError) {
        var rest = buffer[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
            if count >= 0 {
                rest = rest.dropFirst(count)
            } else if errno == EPIPE {
                throw .readerIsGone
            } else if errno != EINTR {
                throw .failed("\(name): \(String(cString: strerror(errno)))")
            }
        }
        buffer.removeAll(keepingCapacity: true)
    }
}
