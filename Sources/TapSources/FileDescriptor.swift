import Glibc

/// An open file that is closed when its owner goes away. Calls that a signal interrupts are repeated.
package struct FileDescriptor: ~Copyable {
    private let rawValue: Int32

    /// Opens `path` for reading, or a copy of standard input for `-`.
    package init(reading path: String) throws(SystemError) {
        try self.init { path == "-" ? fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 0) : open(path, O_RDONLY | O_CLOEXEC) }
    }

    /// Creates or empties the file at `path`, which then only its owner may read, or opens a copy of standard output
    /// for `-`. Throws ELOOP where a symbolic link is there: in a folder of many, somebody else may have put it there.
    package init(writing path: String) throws(SystemError) {
        let isOwnDescriptor = ["/dev/fd/", "/dev/stdout", "/dev/stderr"].contains { path.hasPrefix($0) }
        let flags = O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | (isOwnDescriptor ? 0 : O_NOFOLLOW)
        try self.init { path == "-" ? fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 0) : open(path, flags, 0o600) }
        // A file that was there already has the mode that it had.
        if path != "-", size != nil { _ = fchmod(rawValue, 0o600) }
    }

    /// Another descriptor for what somebody has open.
    package init(copying descriptor: Int32) throws(SystemError) {
        try self.init { fcntl(descriptor, F_DUPFD_CLOEXEC, 0) }
    }

    /// One that somebody else has opened, and leaves to this.
    init(adopting descriptor: Int32) { rawValue = descriptor }

    /// Makes a regular file of this user another's; where that is not possible it stays as it is.
    package func give(to user: uid_t, group: gid_t) {
        var status = stat()
        guard size != nil, fstat(rawValue, &status) == 0, status.st_uid == geteuid() else { return }
        _ = fchown(rawValue, user, group)
    }

    private init(_ open: () -> Int32) throws(SystemError) { rawValue = try FileDescriptor.repeating(open) }

    deinit { _ = Glibc.close(rawValue) }

    /// The length in bytes, where the file is a regular one.
    package var size: UInt64? {
        var status = stat()
        guard fstat(rawValue, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
        return UInt64(exactly: status.st_size)
    }

    /// Reads as many bytes as are there and fit, waiting for the first of them; 0 at the file's end.
    /// - Parameter checksum: what takes up all that is read.
    func read(
        into buffer: UnsafeMutableRawBufferPointer, _ checksum: FileChecksum?
    ) throws(SystemError) -> Int {
        let count = try FileDescriptor.repeating { Glibc.read(rawValue, buffer.baseAddress, buffer.count) }
        checksum?.note(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
        return count
    }

    /// Writes all of `bytes`.
    package func write(_ bytes: RawSpan) throws(SystemError) {
        var written = 0
        while written < bytes.byteCount {
            let rest = bytes.extracting(droppingFirst: written)
            written += try FileDescriptor.repeating {
                rest.withUnsafeBytes { Glibc.write(rawValue, $0.baseAddress, $0.count) }
            }
        }
    }

    /// Closes the file and reports what only then turns out to have failed.
    package consuming func close() throws(SystemError) {
        let descriptor = rawValue
        discard self
        guard Glibc.close(descriptor) == 0 else { throw SystemError() }
    }

    /// Repeats a system call that a signal interrupts; throws where it fails otherwise.
    static func repeating<Result: SignedInteger>(_ call: () -> Result) throws(SystemError) -> Result {
        while true {
            let result = call()
            if result >= 0 { return result }
            let error = SystemError()
            guard error.code == EINTR else { throw error }
        }
    }
}
