#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Writes small files whole.
enum TextFile {
    static func save(_ text: String, to path: String) throws(GeneratorError) {
        let descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_TRUNC, 0o644)
        guard descriptor >= 0 else { throw .cannotWrite(path, reason: errno) }
        defer { _ = close(descriptor) }
        try append(text, to: descriptor, named: path)
    }

    /// Writes a line to standard error.
    static func report(_ text: String) {
        try? append(text + "\n", to: STDERR_FILENO, named: "standard error")
    }

    private static func append(_ text: String, to descriptor: Int32, named name: String) throws(GeneratorError) {
        let bytes = Array(text.utf8)
        let count = unsafe write(descriptor, bytes, bytes.count)
        guard count == bytes.count else { throw .cannotWrite(name, reason: errno) }
    }
}
