import TapAnalysis
import TapBytes
import TapDatabase
import TapReports

/// A database, in a file that is emptied first, as any other output is.
final class DatabaseDestination: Destination {
    private let path: String
    private let database: ConnectionDatabase

    /// What it looks at.
    static let events: ReportEvents = [.handshake, .frame, .message, .finding, .connection]

    init(path: String) throws(OutputError) {
        self.path = path
        _ = try Output(path: path)
        // Some names mean something to SQLite, such as `:memory:`; those with a slash do not.
        do { database = try ConnectionDatabase(path: path.hasPrefix("/") ? path : "./\(path)") } catch {
            throw DatabaseDestination.failure(error, path)
        }
    }

    func write(_ observations: Observations, start: Timestamp) throws(OutputError) {
        do { try database.write(observations) } catch { throw DatabaseDestination.failure(error, path) }
    }

    func finish(_ summary: Summary, dropped: UInt64) throws(OutputError) {
        do { try database.finish() } catch { throw DatabaseDestination.failure(error, path) }
    }

    private static func failure(_ error: SQLiteError, _ path: String) -> OutputError {
        .failed("\(path): \(error.message)")
    }
}
