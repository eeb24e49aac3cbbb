import Glibc
import TapSources

/// A file that a live capture writes in place, so that others can read it at every moment. It is opened while there are rights, and
/// what it held stays until the capture runs.
final class LiveFile {
    let path: String
    let descriptor: Int32
    private let isNew: Bool
    private var hasBegun = false

    /// - Parameter mustBeRegular: whether nothing but a file on a disk will do.
    init(_ path: String, mustBeRegular: Bool) throws(OutputError) {
        self.path = path
        // In a folder of many, somebody else may have put a link there.
        let flags = O_WRONLY | O_CLOEXEC | O_NOFOLLOW
        let present = open(path, flags)
        isNew = present < 0 && errno == ENOENT
        descriptor = isNew ? open(path, flags | O_CREAT | O_EXCL, 0o600) : present
        guard descriptor >= 0 else { throw .failed(path, errno) }
        guard !mustBeRegular || isRegular else { throw .failed("\(path): must be a file on a disk") }
    }

    deinit {
        if isNew, !hasBegun { unlink(path) }
        if descriptor >= 0 { close(descriptor) }
    }

    private var isRegular: Bool {
        var status = stat()
        return fstat(descriptor, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
    }

    /// Makes it another user's, who goes on writing it.
    func give(to privileges: Privileges) {
        try? FileDescriptor(copying: descriptor).give(to: privileges.user, group: privileges.group)
    }

    /// Removes what it held.
    func begin() throws(OutputError) {
        hasBegun = true
        guard isRegular else { return }
        guard ftruncate(descriptor, 0) == 0, fchmod(descriptor, 0o600) == 0 || errno == EPERM else {
            throw .failed(path, errno)
        }
    }
}
