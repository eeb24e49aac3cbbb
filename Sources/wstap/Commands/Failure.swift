import ArgumentParser
import TapSources

/// From what went wrong to a line on standard error and an exit code.
enum Failure {
    /// Runs a command's body.
    static func translate<Result>(_ body: () throws -> Result) throws -> Result {
        do {
            return try body()
        } catch OutputError.readerIsGone {
            throw ExitCode.success
        } catch OutputError.failed(let reason) {
            StandardError.say(reason)
            throw ExitCode.unreadable
        } catch let error as CaptureError {
            StandardError.say(error.description)
            throw ExitCode.unreadable
        }
    }
}
