/// How the windows that a peer sends are to be scaled. RFC 7323 §2.
@usableFromInline
enum WindowScaling {
    /// Its SYN was not captured.
    case unknown
    case none
    case by(UInt8)
}
