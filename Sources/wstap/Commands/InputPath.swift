import Glibc

/// What can be told of the path of an input without reading it.
enum InputPath {
    /// Whether it stands for standard input, a pipe or a terminal, which can be read only once.
    static func isStream(_ path: String) -> Bool {
        guard path != "-" else { return true }
        guard let status = status(of: path) else { return false }
        return status.st_mode & S_IFMT != S_IFREG && status.st_mode & S_IFMT != S_IFDIR
    }

    /// Whether writing to `output` would change what is to be read: it is the same file.
    static func isSame(_ path: String, as output: String) -> Bool {
        guard output != "-", let one = status(of: path), let other = status(of: output) else { return false }
        return one.st_mode & S_IFMT == S_IFREG && one.st_dev == other.st_dev && one.st_ino == other.st_ino
    }

    /// Whether `output` lies in the folder `path`, whose captures are to be read.
    static func isFolder(_ path: String, of output: String) -> Bool {
        let parent = output.lastIndex(of: "/").map { String(output[...$0]) } ?? "."
        guard output != "-", let one = status(of: path), let other = status(of: parent) else { return false }
        return one.st_mode & S_IFMT == S_IFDIR && one.st_dev == other.st_dev && one.st_ino == other.st_ino
    }

    private static func status(of path: String) -> stat? {
        var status = stat()
        return stat(path, &status) == 0 ? status : nil
    }
}
