import ArgumentParser

/// The exit codes that scripts rely on.
extension ExitCode {
    /// `verify` and `live`: there are findings at or above `--fail-on`; `compare`: both are different.
    static let findings = ExitCode(1)
    /// An input could not be read, or not to its end; or results could not be written.
    static let unreadable = ExitCode(2)
    /// `verify`: not one connection was found.
    static let nothingJudged = ExitCode(3)
    /// The command line makes no sense.
    static let usage = ExitCode(64)
}
