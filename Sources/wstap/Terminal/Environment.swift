import Glibc

/// What the environment says.
enum Environment {
    /// The value of a variable; `nil` where it is not set.
    static func value(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }
}
