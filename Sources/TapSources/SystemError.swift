import Glibc

/// A failed system call, by its `errno`.
package struct SystemError: Error, Equatable, CustomStringConvertible {
    package let code: Int32

    package init(code: Int32 = errno) { self.code = code }

    package var description: String {
        switch code {
        case ENOENT: "no such file"
        case EISDIR: "is a directory"
        case EACCES: "permission denied"
        case EMFILE: "too many open files: raise the limit (ulimit -n)"
        default: strerror(code).map { String(cString: $0) } ?? "system error \(code)"
        }
    }
}
