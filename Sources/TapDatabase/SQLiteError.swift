import CSQLite

/// What SQLite says went wrong, without the statement that it came from.
public struct SQLiteError: Error, Equatable {
    public let message: String

    /// - Parameter handle: the connection whose last call failed; `nil` where there was no memory for one.
    init(_ status: Int32, _ handle: OpaquePointer?) {
        message = String(cString: handle.map { sqlite3_errmsg($0) } ?? sqlite3_errstr(status))
    }
}
