/// What stands between the cells of a row, and how a cell is kept from ending early.
public enum CellSeparator: Sendable {
    /// Comma-separated values with quotes where they are needed. RFC 4180.
    case comma
    /// Tab-separated values without any quotes: tabs, line ends and backslashes in a cell are `\t`, `\n`, `\r` and `\\`.
    case tab

    var byte: UInt8 {
        switch self {
        case .comma: UInt8(ascii: ",")
        case .tab: 0x09
        }
    }

    var lineEnd: [UInt8] {
        switch self {
        case .comma: [0x0D, 0x0A]
        case .tab: [0x0A]
        }
    }
}
