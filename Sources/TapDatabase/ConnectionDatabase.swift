public import TapAnalysis

/// An SQLite database of observations: handshakes, connections, frames, messages and findings, with indexes and views.
public struct ConnectionDatabase {
    private let file: SQLiteFile
    /// Whether something was added that others cannot see yet.
    private var isOpen = false

    /// Milliseconds for which another program that writes is waited for.
    private static let patience: Int32 = 2_000

    /// Makes the tables in the file at `path`, which must be new or empty.
    /// - Parameter isShared: whether others read it while it grows. It is never complete then, and has its indexes and views from the
    ///   start; what is added others see after ``commit()``.
    public init(path: String, isShared: Bool = false) throws(SQLiteError) {
        file = try SQLiteFile(path: path)
        if isShared {
            file.wait(milliseconds: ConnectionDatabase.patience)
            // Readers and the writer never wait for each other. https://sqlite.org/wal.html
            try file.execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL")
        } else {
            // A database that is not finished is of no use to anybody, so nothing is done to save one.
            try file.execute("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF")
        }
        try file.transaction { () throws(SQLiteError) in
            try file.execute(DatabaseSchema.tables)
            if isShared {
                try file.execute(DatabaseSchema.indexes)
                try file.execute(DatabaseSchema.views)
            }
            try file.execute("PRAGMA user_version = \(DatabaseSchema.version)")
        }
    }

    /// Adds a row for each observation.
    public func write(_ observations: Observations) throws(SQLiteError) {
        try file.transaction { () throws(SQLiteError) in try addRows(observations) }
    }

    /// The same, to be seen by others after ``commit()``.
    public mutating func add(_ observations: Observations) throws(SQLiteError) {
        if !isOpen { try file.execute("BEGIN") }
        isOpen = true
        try addRows(observations)
    }

    /// Lets others see what was added.
    public mutating func commit() throws(SQLiteError) {
        guard isOpen else { return }
        try file.execute("COMMIT")
        isOpen = false
    }

    private func addRows(_ observations: Observations) throws(SQLiteError) {
        for observation in observations.all {
            switch observation {
            case .handshake(let handshake): try file.add(handshake)
            case .frame(let frame): try file.add(frame, observations.payload(of: frame))
            case .message(let message):
                try file.add(message, observations.payload(of: message))
                for (position, item) in (message.application?.items ?? []).enumerated() {
                    try file.add(item, at: position, of: message)
                }
            case .finding(let finding): try file.add(finding)
            case .connection(let connection): try file.add(connection)
            case .tls(let unread): try file.add(unread)
            }
        }
    }

    /// Adds indexes and views.
    public func finish() throws(SQLiteError) {
        try file.transaction { () throws(SQLiteError) in
            try file.execute(DatabaseSchema.indexes)
            try file.execute(DatabaseSchema.views)
        }
    }
}
