import Glibc

/// Why results cannot be written any more.
enum OutputError: Error {
    /// Whoever was reading has enough, as `head` does: a quiet, successful end.
    case readerIsGone
    case failed(String)

    /// - Parameter code: what `errno` said.
    static func failed(_ path: String, _ code: Int32) -> OutputError {
        .failed("\(path): \(String(cString: strerror(code)))")
    }
}
