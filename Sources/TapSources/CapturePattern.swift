import Glibc

/// A path with the wildcards of the shell, which it leaves alone in quotes and on other systems. glob(7).
enum CapturePattern {
    /// The paths that the pattern matches, in the order of their names; a path that exists, or that has no wildcard, or
    /// that matches nothing, stands for itself.
    static func paths(_ path: String) -> [String] {
        guard path.contains(where: { "*?[".contains($0) }), access(path, F_OK) != 0 else { return [path] }
        var found = glob_t()
        defer { globfree(&found) }
        guard glob(path, 0, nil, &found) == 0 else { return [path] }
        let matches = UnsafeBufferPointer(start: found.gl_pathv, count: Int(found.gl_pathc))
        return matches.compactMap { $0.map { String(cString: $0) } }
    }
}
