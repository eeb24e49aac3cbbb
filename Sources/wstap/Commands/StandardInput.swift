import Glibc

/// Input that can be read only once.
enum StandardInput {
    /// Whether a path stands for standard input, a pipe or a terminal.
    static func isStream(_ path: String) -> Bool {
        var status = stat()
        guard path != "-" else { return true }
        guard stat(path, &status) == 0 else { return false }
        return status.st_mode & S_IFMT != S_IFREG && status.st_mode & S_IFMT != S_IFDIR
    }
}
