public import TapAnalysis

/// An SQLite database of observations: handshakes, connections, frames, messages and findings, with indexes and views.
public struct ConnectionDatabase {
    private let file: SQLiteFile

    /// Makes the tables in the file at `path`, which must be new or empty.
    public init(path: String) throws(SQLiteError) {
        file = try SQLiteFile(path: path)
        // A database that is not finished is of no use to anybody, so nothing is done to save one.
        try file.execute("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF")
        try file.transaction { () throws(SQLiteError) in
            try file.execute(DatabaseSchema.tables)
            try file.execute("PRAGMA user_version = \(DatabaseSchema.version)")
        }
    }

    /// Adds a row for each observation.
    public func write(_ observations: Observations) throws(SQLiteError) {
        try file.transaction { () throws(SQLiteError) in
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
    }

    /// Adds indexes and views.
    public func finish() throws(SQLiteError) {
        try file.transaction { () throws(SQLiteError) in
            try file.execute(DatabaseSchema.indexes)
            try file.execute(DatabaseSchema.views)
        }
    }
}
