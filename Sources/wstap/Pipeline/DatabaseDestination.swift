import TapAnalysis
import TapCore
import TapDatabase
import TapReports

/// A database, in a file that is emptied as soon as there is something to write, as any other output is.
final class DatabaseDestination: Destination {
    private let path: String
    private var output: Output
    /// Once something is written.
    private var opened: ConnectionDatabase?

    /// What it looks at.
    static let events: ReportEvents = [.handshake, .frame, .message, .finding, .connection]

    init(path: String) throws(OutputError) {
        self.path = path
        output = try Output(path: path)
    }

    func write(_ observations: Observations, start: Timestamp) throws(OutputError) {
        do { try database().write(observations) } catch { throw DatabaseDestination.failure(error, path) }
    }

    func finish(_ summary: Summary, dropped: UInt64) throws(OutputError) {
        do { try database().finish() } catch { throw DatabaseDestination.failure(error, path) }
    }

    private func database() throws -> ConnectionDatabase {
        if let opened { return opened }
        try output.finish()
        // Some names mean something to SQLite, such as `:memory:`; those with a slash do not.
        let database = try ConnectionDatabase(path: path.hasPrefix("/") ? path : "./\(path)")
        opened = database
        return database
    }

    private static func failure(_ error: any Error, _ path: String) -> OutputError {
        switch error {
        case let error as OutputError: error
        case let error as SQLiteError: .failed("\(path): \(error.message)")
        default: .failed("\(path): \(error)")
        }
    }
}
