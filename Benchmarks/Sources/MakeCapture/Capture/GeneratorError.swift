#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Why no capture could be made.
enum GeneratorError: Error, CustomStringConvertible {
    case usage(String)
    case cannotWrite(String, reason: Int32)

    var exitCode: Int32 {
        switch self {
        case .usage: 2
        case .cannotWrite: 1
        }
    }

    var description: String {
        switch self {
        case .usage(let message):
            message
        case .cannotWrite(let path, let reason):
            "cannot write \(path): \(unsafe String(cString: strerror(reason)))"
        }
    }
}
