import TapCore

/// Rows of a table that wait for earlier ones, so that those of a file stand in the order of time: a handshake is known only
/// once it is answered. Rows of one connection keep their order. How many may wait is limited.
struct RowOrder {
    enum Kind { case heading, row }

    private struct Row {
        let time: Timestamp
        let connection: Int?
        let kind: Kind
        /// Where it ends in the bytes that wait.
        var end: Int
    }

    private static let limit = 4_096
    /// Bytes that may wait.
    private static let byteLimit = 4 << 20

    private var rows: [Row] = []
    private var bytes: [UInt8] = []
    /// The row that was added last.
    private var current = 0
    private var above: Kind?

    /// Takes a row that was written last; without a time it goes on with the one before.
    /// - Parameter write: writes it.
    mutating func add(
        _ time: Timestamp?, _ connection: Int?, _ kind: Kind, to output: inout [UInt8], _ write: (inout [UInt8]) -> Void
    ) {
        // What goes on with the row before still finds it.
        if time != nil, rows.count >= RowOrder.limit || bytes.count >= RowOrder.byteLimit {
            release((rows.count + 1) / 2, to: &output)
        }
        let start = bytes.count
        write(&bytes)
        let count = bytes.count - start
        guard count > 0 else { return }
        if let time {
            current = place(of: time, connection)
            move(count, to: current == 0 ? 0 : rows[current - 1].end)
            for index in current..<rows.count { rows[index].end += count }
            let end = (current == 0 ? 0 : rows[current - 1].end) + count
            rows.insert(Row(time: time, connection: connection, kind: kind, end: end), at: current)
        } else if rows.isEmpty {
            output += bytes
            bytes.removeAll(keepingCapacity: true)
        } else {
            move(count, to: rows[current].end)
            for index in current..<rows.count { rows[index].end += count }
        }
    }

    /// Writes all that wait.
    mutating func finish(to output: inout [UInt8]) { release(rows.count, to: &output) }

    /// Behind all that are not later, and behind those of its own connection.
    private func place(of time: Timestamp, _ connection: Int?) -> Int {
        var index = rows.count
        while index > 0, rows[index - 1].time > time, connection == nil || rows[index - 1].connection != connection {
            index -= 1
        }
        return index
    }

    /// Moves the last bytes to where they belong.
    private mutating func move(_ count: Int, to offset: Int) {
        guard offset + count < bytes.count else { return }
        let moved = Array(bytes.suffix(count))
        bytes.removeLast(count)
        bytes.insert(contentsOf: moved, at: offset)
    }

    private mutating func release(_ count: Int, to output: inout [UInt8]) {
        var start = 0
        for row in rows.prefix(count) {
            if row.kind == .heading, above == .row { output.append(UInt8(ascii: "\n")) }
            output += bytes[start..<row.end]
            start = row.end
            above = row.kind
        }
        bytes.removeFirst(start)
        rows.removeFirst(count)
        for index in rows.indices { rows[index].end -= start }
    }
}
