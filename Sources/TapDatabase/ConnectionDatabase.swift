import GRDB
public import TapAnalysis

/// An SQLite database of observations: handshakes, connections, frames, messages and findings, with indexes and views.
///
/// Errors are those of SQLite, as GRDB throws them; ``reason(of:)`` puts them into words.
public struct ConnectionDatabase: Sendable {
    private let queue: DatabaseQueue

    /// Makes the tables in the file at `path`, which must be new or empty.
    public init(path: String) throws {
        var configuration = Configuration()
        // A database that is not finished is of no use to anybody, so nothing is done to save one.
        configuration.prepareDatabase { database in
            try database.execute(sql: "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF")
        }
        queue = try DatabaseQueue(path: path, configuration: configuration)
        try queue.write { database in
            try database.execute(sql: DatabaseSchema.tables)
            try database.execute(sql: "PRAGMA user_version = \(DatabaseSchema.version)")
        }
    }

    /// Adds a row for each observation.
    public func write(_ observations: Observations) throws {
        try queue.write { database in
            for observation in observations.all {
                switch observation {
                case .handshake(let handshake): try database.add(handshake)
                case .frame(let frame): try database.add(frame, observations.payload(of: frame))
                case .message(let message): try database.add(message, observations.payload(of: message))
                case .finding(let finding): try database.add(finding)
                case .connection(let connection): try database.add(connection)
                }
            }
        }
    }

    /// Adds indexes and views, and closes the file.
    public func finish() throws {
        try queue.write { database in
            try database.execute(sql: DatabaseSchema.indexes)
            try database.execute(sql: DatabaseSchema.views)
        }
        try queue.close()
    }

    /// What an error says, without the statement that it came from.
    public static func reason(of error: any Error) -> String {
        (error as? DatabaseError)?.message ?? "\(error)"
    }
}
