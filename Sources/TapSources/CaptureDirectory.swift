import Glibc

/// The files that lie in a directory, of which some may be captures.
struct CaptureDirectory {
    /// Their paths in the order of their names.
    let files: [String]

    /// Answers `nil` where there is no directory at `path`.
    ///
    /// Takes regular files alone, since opening a pipe would wait for its writer, and none that are hidden: copying
    /// programs keep unfinished files under such names. What lies in directories further below is left alone.
    init?(path: String) throws(SystemError) {
        guard path != "-", CaptureDirectory.kind(of: path) == S_IFDIR else { return nil }
        guard let directory = opendir(path) else { throw SystemError() }
        defer { closedir(directory) }
        let prefix = path.hasSuffix("/") ? path : path + "/"
        var names: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) {
                String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            if !name.hasPrefix("."), CaptureDirectory.kind(of: prefix + name) == S_IFREG { names.append(name) }
        }
        files = names.sorted().map { prefix + $0 }
    }

    /// Whether what there is at `path` can be read only once.
    static func isStream(_ path: String) -> Bool {
        let kind = kind(of: path)
        return kind == S_IFIFO || kind == S_IFCHR || kind == S_IFSOCK
    }

    /// What there is at `path`, with links followed.
    private static func kind(of path: String) -> mode_t? {
        var status = stat()
        return stat(path, &status) == 0 ? status.st_mode & S_IFMT : nil
    }
}
