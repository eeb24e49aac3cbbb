import Glibc
import TapCore

/// A file that others write while it is read: opened now, and read as far as it has grown whenever it is asked for.
///
/// A regular file that became shorter, or whose path names another file now, is read from its start. A FIFO is never waited for.
package struct FollowedFile: ~Copyable {
    private let path: String
    private var descriptor: Int32
    private var identity: Identity
    /// How many bytes of a regular file were read.
    private var offset = 0
    private var buffer: [UInt8]

    /// How much is read at once, in bytes.
    private static let readLength = 1 << 16

    /// What makes a file another one than before.
    private struct Identity: Equatable {
        let device: dev_t
        let number: ino_t
        let isRegular: Bool
    }

    package enum Step {
        /// Bytes that continue what came before.
        case bytes(count: Int)
        /// What comes next is read from the file's start; a line that was begun does not go on.
        case restarted
        /// Nothing more is there now.
        case end
    }

    /// Throws EISDIR for a folder.
    package init(path: String) throws(SystemError) {
        self.path = path
        (descriptor, identity) = try FollowedFile.open(path)
        buffer = [UInt8](repeating: 0, count: Self.readLength)
    }

    deinit { _ = Glibc.close(descriptor) }

    /// Whether it is a FIFO, a terminal or the like, which gives each byte once.
    package var isStream: Bool { !identity.isRegular }

    /// The bytes of the last step.
    package var bytes: RawSpan {
        @_lifetime(borrow self) borrowing get { buffer.span.bytes }
    }

    /// Reads what is there, without waiting. The first `count` of ``bytes`` are what was read.
    package mutating func next() throws(SystemError) -> Step {
        if identity.isRegular, size.map({ $0 < offset }) ?? false {
            offset = 0
            return .restarted
        }
        let count = try read()
        if count > 0 {
            offset += count
            return .bytes(count: count)
        }
        return try reopen() ? .restarted : .end
    }

    /// Appends all that is there now. Where the file is read from its start, a line that was begun does not go on. One that can be
    /// read no more gives what it gave.
    package mutating func readLines(into lines: inout [UInt8]) {
        while let step = try? next() {
            switch step {
            case .bytes(let count): lines.append(bytes.upTo(count))
            case .restarted: lines.removeSubrange(FollowedFile.endOfLines(in: lines)...)
            case .end: return
            }
        }
    }

    /// Where the last whole line ends.
    package static func endOfLines(in bytes: [UInt8]) -> Int {
        bytes.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
    }

    private var size: Int? {
        var status = stat()
        return fstat(descriptor, &status) == 0 ? Int(status.st_size) : nil
    }

    private mutating func read() throws(SystemError) -> Int {
        let isRegular = identity.isRegular
        let (descriptor, offset) = (descriptor, offset)
        do throws(SystemError) {
            return try FileDescriptor.repeating {
                buffer.withUnsafeMutableBytes { bytes in
                    isRegular
                        ? pread(descriptor, bytes.baseAddress, bytes.count, offset)
                        : Glibc.read(descriptor, bytes.baseAddress, bytes.count)
                }
            }
        } catch {
            guard error.code == EAGAIN || error.code == EWOULDBLOCK else { throw error }
            return 0
        }
    }

    /// Opens the file that the path names now, where it is another one. One that went away is still read as it was.
    private mutating func reopen() throws(SystemError) -> Bool {
        var status = stat()
        guard identity.isRegular, stat(path, &status) == 0, FollowedFile.identity(of: status) != identity,
            let (newDescriptor, newIdentity) = try? FollowedFile.open(path)
        else { return false }
        _ = Glibc.close(descriptor)
        (descriptor, identity) = (newDescriptor, newIdentity)
        offset = 0
        return true
    }

    private static func open(_ path: String) throws(SystemError) -> (Int32, Identity) {
        // A FIFO without a writer opens at once, and has no end while it waits for one.
        let descriptor = try FileDescriptor.repeating { Glibc.open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else {
            let error = SystemError()
            _ = Glibc.close(descriptor)
            throw error
        }
        guard status.st_mode & S_IFMT != S_IFDIR else {
            _ = Glibc.close(descriptor)
            throw SystemError(code: EISDIR)
        }
        return (descriptor, identity(of: status))
    }

    private static func identity(of status: stat) -> Identity {
        Identity(
            device: status.st_dev, number: status.st_ino, isRegular: status.st_mode & S_IFMT == S_IFREG)
    }
}
