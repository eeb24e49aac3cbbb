import Glibc
import TapAnalysis
import TapCore
import TapDatabase

/// A database that others may read while it grows: what was observed is in it after a second at most.
final class LiveDatabase: Destination {
    private let file: LiveFile
    private var database: ConnectionDatabase?
    /// When the first was added of what others cannot see yet.
    private var waitingSince: ContinuousClock.Instant?
    /// To commit each packet would cost more than to analyze it.
    private static let patience = Duration.milliseconds(500)

    init(in file: LiveFile) { self.file = file }

    /// Makes the tables, once rights are given up: SQLite makes further files beside it.
    func open() throws(OutputError) {
        let path = file.path.hasPrefix("/") ? file.path : "./\(file.path)"
        let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? "./"
        guard access(folder, W_OK | X_OK) == 0 else {
            throw .failed(
                "\(file.path): SQLite makes files beside it, which this user cannot there; --user names another")
        }
        try file.begin()
        // They would be taken for parts of the new one.
        for ending in ["-wal", "-shm", "-journal"] { unlink(path + ending) }
        try translating { () throws(SQLiteError) in database = try ConnectionDatabase(path: path, isShared: true) }
    }

    func write(_ observations: Observations, start: Timestamp) throws(OutputError) {
        try translating { () throws(SQLiteError) in try database?.add(observations) }
        waitingSince = waitingSince ?? ContinuousClock.now
        try rest()
    }

    func rest() throws(OutputError) {
        guard let waitingSince, ContinuousClock.now - waitingSince >= LiveDatabase.patience else { return }
        self.waitingSince = nil
        try translating { () throws(SQLiteError) in try database?.commit() }
    }

    func finish(_ summary: Summary, dropped: UInt64) throws(OutputError) {
        try translating { () throws(SQLiteError) in try database?.commit() }
        database = nil
    }

    private func translating(_ body: () throws(SQLiteError) -> Void) throws(OutputError) {
        do { try body() } catch { throw .failed("\(file.path): \(error.message)") }
    }
}
