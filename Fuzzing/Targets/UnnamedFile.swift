import Glibc

/// A file that has no name any more, so that it is gone with its owner, and that can be opened by a path all the same.
struct UnnamedFile: ~Copyable {
    private let descriptor: Int32

    init(_ bytes: [UInt8]) {
        var name = Array("/tmp/wstap-XXXXXX".utf8CString)
        descriptor = mkstemp(&name)
        Property.hold(descriptor >= 0, "a file can be made in /tmp")
        _ = unlink(name)
        let written = bytes.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
        Property.hold(written == bytes.count, "a file takes all bytes")
    }

    deinit { _ = close(descriptor) }

    /// Opening it gives a file that is read from its beginning.
    var path: String { "/proc/self/fd/\(descriptor)" }
}
