import Glibc

/// A file that takes the place of another once it is complete: until then what was there stays, and where nothing comes of it, for
/// good. What is no regular file, as a pipe or a device, is written in place.
final class OutputFile {
    /// Where it is written.
    let path: String
    let descriptor: Int32
    /// Where it belongs; `nil` where it is written in place.
    private let target: String?
    private let unfinished: UnfinishedFiles
    private var isPublished = false

    /// - Parameters:
    ///   - path: as the user names it. Of a symbolic link the target is replaced.
    ///   - mode: of a file that is new; one that takes another's place has the mode and the owner of that.
    ///   - unfinished: what is removed where the program is ended.
    init(_ path: String, mode: mode_t, among unfinished: UnfinishedFiles) throws(OutputError) {
        self.unfinished = unfinished
        let place = try OutputPlace(path)
        let beside = try place.makeBeside(named: path, mode: mode, among: unfinished)
        if let beside {
            (self.path, descriptor) = beside
            target = place.target
        } else {
            self.path = place.target
            descriptor = open(place.target, O_WRONLY | O_CLOEXEC)
            target = nil
            guard descriptor >= 0 else { throw .failed(path, errno) }
        }
    }

    deinit {
        if target != nil, !isPublished {
            unlink(path)
            unfinished.remove(path)
        }
        if descriptor >= 0 { close(descriptor) }
    }

    /// Removes what a regular file holds that is written in place.
    func empty() throws(OutputError) {
        var status = stat()
        guard target == nil, fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return }
        guard ftruncate(descriptor, 0) == 0 else { throw .failed(path, errno) }
    }

    /// It is complete: puts it where it belongs.
    func publish() throws(OutputError) {
        guard let target, !isPublished else { return }
        guard rename(path, target) == 0 else { throw .failed(target, errno) }
        isPublished = true
        unfinished.remove(path)
    }
}

/// What an output's path names.
private struct OutputPlace {
    /// Behind all symbolic links.
    let target: String
    /// What is there; `nil` where it is new.
    private let present: stat?
    private let isOwnDescriptor: Bool
    /// No chain of links is longer. path_resolution(7).
    private static let mostLinks = 40

    init(_ path: String) throws(OutputError) {
        var target = path
        var status = stat()
        var links = 0
        while !OutputPlace.isOwnDescriptor(target), lstat(target, &status) == 0, status.st_mode & S_IFMT == S_IFLNK {
            links += 1
            guard links <= OutputPlace.mostLinks else { throw .failed(path, ELOOP) }
            // In a folder of many, somebody else may have put it there.
            guard status.st_uid == geteuid() else {
                throw .failed("\(path): a symbolic link that belongs to somebody else: name the file that it points to")
            }
            let next = try OutputPlace.content(ofLink: target)
            target = next.hasPrefix("/") ? next : OutputPlace.folder(of: target) + next
        }
        self.target = target
        isOwnDescriptor = OutputPlace.isOwnDescriptor(target)
        if stat(target, &status) == 0 {
            present = status
            guard links == 0 || isOwnDescriptor || status.st_mode & S_IFMT != S_IFREG || status.st_uid == geteuid()
            else { throw .failed("\(path): a symbolic link to a file that belongs to somebody else: name that file") }
        } else {
            guard errno == ENOENT else { throw .failed(path, errno) }
            present = nil
        }
    }

    /// Makes the file that is to take its place; `nil` where it is to be written in place.
    /// - Parameter path: as the user names it.
    func makeBeside(
        named path: String, mode: mode_t, among unfinished: UnfinishedFiles
    ) throws(OutputError) -> (path: String, descriptor: Int32)? {
        guard !isOwnDescriptor, present.map({ $0.st_mode & S_IFMT == S_IFREG }) ?? true else { return nil }
        if present != nil, access(target, W_OK) != 0 { throw .failed(path, errno) }
        guard let made = unfinished.make(in: OutputPlace.folder(of: target)) else {
            // Who may write the file need not be allowed to make another in its folder.
            guard present != nil, errno == EACCES || errno == EPERM || errno == EROFS else {
                throw .failed(path, errno)
            }
            return nil
        }
        guard let present else {
            fchmod(made.descriptor, mode)
            return made
        }
        var own = stat()
        let isOwners =
            fstat(made.descriptor, &own) == 0 && own.st_uid == present.st_uid && own.st_gid == present.st_gid
        guard isOwners || fchown(made.descriptor, present.st_uid, present.st_gid) == 0 else {
            unlink(made.path)
            unfinished.remove(made.path)
            close(made.descriptor)
            return nil
        }
        fchmod(made.descriptor, present.st_mode & 0o777)
        return made
    }

    /// Whether a path stands for what this program has open already.
    private static func isOwnDescriptor(_ path: String) -> Bool {
        path == "/dev/stdout" || path == "/dev/stderr" || path.hasPrefix("/dev/fd/") || path.hasPrefix("/proc/")
    }

    private static func content(ofLink path: String) throws(OutputError) -> String {
        var bytes = [UInt8](repeating: 0, count: Int(PATH_MAX))
        let count = bytes.withUnsafeMutableBytes { buffer in
            guard let start = buffer.baseAddress else { return 0 }
            return readlink(path, start.assumingMemoryBound(to: CChar.self), buffer.count)
        }
        guard count > 0 else { throw .failed(path, errno) }
        return String(decoding: bytes[..<count], as: UTF8.self)
    }

    private static func folder(of path: String) -> String {
        path.lastIndex(of: "/").map { String(path[...$0]) } ?? "./"
    }
}
