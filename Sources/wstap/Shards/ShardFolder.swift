import Glibc

/// A folder that is there as a whole or not at all: it is made under another name beside its own, which it gets once all
/// in it is complete.
final class ShardFolder {
    private let path: String
    private let unfinished: UnfinishedFiles
    /// What it is called until it is complete.
    private let hidden: String
    private var files: [String] = []
    private var isPublished = false

    /// - Parameters:
    ///   - path: as the user names it; nothing may be there but an empty folder.
    ///   - unfinished: what is removed where the program is ended.
    init(_ path: String, among unfinished: UnfinishedFiles) throws(OutputError) {
        var path = path
        while path.count > 1, path.hasSuffix("/") { path.removeLast() }
        self.path = path
        self.unfinished = unfinished
        try ShardFolder.checkIsFree(path)
        let parent = path.lastIndex(of: "/").map { String(path[...$0]) } ?? "./"
        guard let hidden = unfinished.makeFolder(in: parent) else { throw .failed(path, errno) }
        self.hidden = hidden
    }

    deinit {
        guard !isPublished else { return }
        for file in files { forget(file) }
        forget(hidden)
    }

    private func forget(_ path: String) {
        remove(path)
        unfinished.remove(path)
    }

    private static func checkIsFree(_ path: String) throws(OutputError) {
        let name = path.split(separator: "/").last
        guard let name, name != ".", name != ".." else {
            throw .failed("\(path): name a new folder, which can be put in its place as a whole")
        }
        var status = stat()
        guard lstat(path, &status) == 0 else { return }
        guard status.st_mode & S_IFMT == S_IFDIR else { throw .failed("\(path): is there already, and no folder") }
        guard !MountPoints.contains(path) else {
            throw .failed("\(path): something is mounted there; name a folder in it")
        }
        guard let folder = opendir(path) else { throw .failed(path, errno) }
        defer { closedir(folder) }
        var count = 0
        while readdir(folder) != nil { count += 1 }
        // Itself, and the one that it lies in.
        guard count <= 2 else { throw .failed("\(path): is not empty; name a new folder") }
    }

    /// Makes a file in it.
    func make(_ name: String) throws(OutputError) -> Int32 {
        let file = "\(hidden)/\(name)"
        unfinished.add(file)
        files.append(file)
        let descriptor = open(file, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw failure(errno, name) }
        return descriptor
    }

    private func failure(_ code: Int32, _ name: String) -> OutputError {
        code == EMFILE
            ? .failed("\(path)/\(name): too many open files: raise the limit (ulimit -n)")
            : .failed("\(path)/\(name)", code)
    }

    /// All is complete: gives it its name.
    func publish() throws(OutputError) {
        guard rename(hidden, path) == 0 else { throw .failed(path, errno) }
        isPublished = true
        for file in files { unfinished.remove(file) }
        unfinished.remove(hidden)
    }
}
