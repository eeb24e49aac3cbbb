import Glibc

/// What can be told of the path of an input without reading it.
enum InputPath {
    /// Whether it stands for standard input, a pipe or a terminal, which can be read only once.
    static func isStream(_ path: String) -> Bool {
        guard path != "-" else { return true }
        guard let status = status(of: path) else { return false }
        return status.st_mode & S_IFMT != S_IFREG && status.st_mode & S_IFMT != S_IFDIR
    }

    /// Whether another program writes there what is to be read.
    static func isPipe(_ path: String) -> Bool {
        guard let status = path == "-" ? status(of: STDIN_FILENO) : status(of: path) else { return false }
        return status.st_mode & S_IFMT == S_IFIFO || status.st_mode & S_IFMT == S_IFSOCK
    }

    /// Whether writing to `output` would change what is to be read: it is the same file.
    static func isSame(_ path: String, as output: String) -> Bool {
        guard output != "-", let one = status(of: path) else { return false }
        return one.st_mode & S_IFMT == S_IFREG && isSamePlace(one, status(of: output))
    }

    /// Whether two outputs are one: two names of the same file or folder, which may not be there yet. What is no file, as
    /// `/dev/null`, takes any number of them.
    static func isOne(_ output: String, with other: String) -> Bool {
        guard output != other else { return status(of: output).map(isKept) ?? true }
        guard let one = status(of: output), let second = status(of: other) else {
            guard name(of: output) == name(of: other), let folder = status(of: folder(of: output)) else { return false }
            return isSamePlace(folder, status(of: self.folder(of: other)))
        }
        return isKept(one) && isSamePlace(one, second)
    }

    /// The first output that is one with another before it.
    static func repeated(in outputs: [String]) -> (output: String, before: String)? {
        for (index, output) in outputs.enumerated() {
            if let before = outputs[..<index].first(where: { isOne($0, with: output) }) { return (output, before) }
        }
        return nil
    }

    private static func isKept(_ status: stat) -> Bool {
        status.st_mode & S_IFMT == S_IFREG || status.st_mode & S_IFMT == S_IFDIR
    }

    private static func isSamePlace(_ one: stat, _ other: stat?) -> Bool {
        one.st_dev == other?.st_dev && one.st_ino == other?.st_ino
    }

    private static func folder(of path: String) -> String {
        path.lastIndex(of: "/").map { String(path[...$0]) } ?? "."
    }

    private static func name(of path: String) -> Substring {
        path.lastIndex(of: "/").map { path[path.index(after: $0)...] } ?? path[...]
    }

    /// Whether `output` lies in the folder `path`, whose captures are to be read.
    static func isFolder(_ path: String, of output: String) -> Bool {
        guard output != "-", let one = status(of: path) else { return false }
        return one.st_mode & S_IFMT == S_IFDIR && isSamePlace(one, status(of: folder(of: output)))
    }

    private static func status(of descriptor: Int32) -> stat? {
        var status = stat()
        return fstat(descriptor, &status) == 0 ? status : nil
    }

    private static func status(of path: String) -> stat? {
        var status = stat()
        return stat(path, &status) == 0 ? status : nil
    }
}
