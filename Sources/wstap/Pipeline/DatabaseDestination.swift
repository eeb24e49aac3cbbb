import Glibc
import TapAnalysis
import TapCore
import TapDatabase
import TapReports

/// A database, in a file that takes the place of another once it is complete.
final class DatabaseDestination: Destination {
    private let path: String
    private let file: OutputFile
    /// Once something is written.
    private var opened: ConnectionDatabase?

    /// What it looks at.
    static let events: ReportEvents = [.handshake, .frame, .message, .finding, .connection]

    init(path: String, mode: mode_t, among unfinished: UnfinishedFiles) throws(OutputError) {
        self.path = path
        file = try OutputFile(path, mode: mode, among: unfinished)
    }

    func write(_ observations: Observations, start: Timestamp) throws(OutputError) {
        do { try database().write(observations) } catch { throw DatabaseDestination.failure(error, path) }
    }

    func finish(_ summary: Summary, dropped: UInt64) throws(OutputError) {
        do { try database().finish() } catch { throw DatabaseDestination.failure(error, path) }
        // Closed, it is complete.
        opened = nil
        try file.publish()
    }

    private func database() throws -> ConnectionDatabase {
        if let opened { return opened }
        try file.empty()
        // Some names mean something to SQLite, such as `:memory:`; those with a slash do not.
        let place = file.path
        let database = try ConnectionDatabase(path: place.hasPrefix("/") ? place : "./\(place)")
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
