import CSQLite

/// What can stand in a column. SQLite copies it.
protocol SQLiteValue {
    func bind(to statement: OpaquePointer, at place: Int32) -> Int32
}

extension Int64: SQLiteValue {
    func bind(to statement: OpaquePointer, at place: Int32) -> Int32 { sqlite3_bind_int64(statement, place, self) }
}

extension Int: SQLiteValue {
    func bind(to statement: OpaquePointer, at place: Int32) -> Int32 { Int64(self).bind(to: statement, at: place) }
}

extension Bool: SQLiteValue {
    func bind(to statement: OpaquePointer, at place: Int32) -> Int32 { (self ? 1 : 0).bind(to: statement, at: place) }
}

extension Double: SQLiteValue {
    func bind(to statement: OpaquePointer, at place: Int32) -> Int32 { sqlite3_bind_double(statement, place, self) }
}

extension String: SQLiteValue {
    func bind(to statement: OpaquePointer, at place: Int32) -> Int32 {
        var text = self
        return text.withUTF8 { bytes in
            bytes.withMemoryRebound(to: CChar.self) { bytes in
                let encoding = UInt8(SQLITE_UTF8)
                guard let start = bytes.baseAddress else {
                    return sqlite3_bind_text64(statement, place, "", 0, nil, encoding)
                }
                return sqlite3_bind_text64(statement, place, start, UInt64(bytes.count), copied, encoding)
            }
        }
    }
}

/// A blob.
extension ArraySlice<UInt8>: SQLiteValue {
    func bind(to statement: OpaquePointer, at place: Int32) -> Int32 {
        guard !isEmpty else { return sqlite3_bind_zeroblob(statement, place, 0) }
        return withUnsafeBytes { bytes in
            sqlite3_bind_blob64(statement, place, bytes.baseAddress, UInt64(bytes.count), copied)
        }
    }
}

/// `SQLITE_TRANSIENT`, which Swift does not import.
private let copied = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
