import CSQLite

/// A database in a file that this alone writes.
final class SQLiteFile {
    private let handle: OpaquePointer
    /// What adds a row to each table.
    private var insertions: [String: OpaquePointer] = [:]

    /// Opens or makes the file at `path`.
    init(path: String) throws(SQLiteError) {
        var handle: OpaquePointer?
        let status = sqlite3_open_v2(path, &handle, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, nil)
        guard status == SQLITE_OK, let handle else {
            defer { sqlite3_close_v2(handle) }
            throw SQLiteError(status, handle)
        }
        self.handle = handle
    }

    deinit {
        for insertion in insertions.values { sqlite3_finalize(insertion) }
        sqlite3_close_v2(handle)
    }

    /// How long others that write are waited for.
    func wait(milliseconds: Int32) { sqlite3_busy_timeout(handle, milliseconds) }

    /// Executes statements that give no rows.
    func execute(_ statements: String) throws(SQLiteError) {
        try check(sqlite3_exec(handle, statements, nil, nil, nil))
    }

    /// Executes `body` in one transaction.
    func transaction(_ body: () throws(SQLiteError) -> Void) throws(SQLiteError) {
        try execute("BEGIN")
        try body()
        try execute("COMMIT")
    }

    /// Adds one row, with a value for each column of the table in its order.
    func add(_ table: String, _ values: [(any SQLiteValue)?]) throws(SQLiteError) {
        let insertion = try insertion(into: table, columns: values.count)
        for (place, value) in zip(Int32(1)..., values) {
            try check(value?.bind(to: insertion, at: place) ?? sqlite3_bind_null(insertion, place))
        }
        let status = sqlite3_step(insertion)
        sqlite3_reset(insertion)
        guard status == SQLITE_DONE else { throw SQLiteError(status, handle) }
    }

    private func insertion(into table: String, columns: Int) throws(SQLiteError) -> OpaquePointer {
        if let insertion = insertions[table] { return insertion }
        let places = repeatElement("?", count: columns).joined(separator: ",")
        var insertion: OpaquePointer?
        try check(sqlite3_prepare_v2(handle, "INSERT INTO \(table) VALUES (\(places))", -1, &insertion, nil))
        insertions[table] = insertion
        guard let insertion else { throw SQLiteError(SQLITE_MISUSE, nil) }
        return insertion
    }

    private func check(_ status: Int32) throws(SQLiteError) {
        guard status == SQLITE_OK else { throw SQLiteError(status, handle) }
    }
}
