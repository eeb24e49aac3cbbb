import ArgumentParser
import Glibc

/// Who may read and write a file.
struct FileMode: ExpressibleByArgument, Equatable {
    let rawValue: mode_t

    /// Its owner alone: what captures hold is not for everybody.
    static let `private` = FileMode(rawValue: 0o600)

    private init(rawValue: mode_t) { self.rawValue = rawValue }

    init?(argument: String) {
        guard let value = mode_t(argument, radix: 8), value <= 0o777 else { return nil }
        rawValue = value
    }

    var defaultValueDescription: String { "0" + String(rawValue, radix: 8) }
}
