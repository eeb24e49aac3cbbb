import TapCore

/// A column of the screen of `wstap top`; they stand before the host and path, which take what is left.
enum TopColumn: CaseIterable {
    case number, state, frameRate, byteRate, rateFromClient, rateFromServer, frames, roundTrip, tcpRoundTrip
    case pingRoundTrip, findings, idle, activity

    /// From these widths on there is room for what one can do without below.
    private static let roomyWidth = 100
    private static let wideWidth = 140

    /// Those that a screen has room for; the one by which it is sorted always is there.
    static func shown(in width: Int, sortedBy order: TopOrder) -> [TopColumn] {
        allCases.filter { $0.fits(width) || $0.order == order.column && !$0.hasOthers }
    }

    private func fits(_ width: Int) -> Bool {
        switch self {
        case .number, .state, .frameRate, .findings: true
        case .byteRate: width < TopColumn.roomyWidth
        case .roundTrip: width < TopColumn.wideWidth
        case .rateFromClient, .rateFromServer, .idle: width >= TopColumn.roomyWidth
        case .frames, .tcpRoundTrip, .pingRoundTrip, .activity: width >= TopColumn.wideWidth
        }
    }

    /// Whether other columns say the same where there is no room for it, in one or in parts.
    private var hasOthers: Bool {
        switch self {
        case .byteRate, .roundTrip, .rateFromClient, .rateFromServer, .tcpRoundTrip, .pingRoundTrip: true
        case .number, .state, .frameRate, .frames, .findings, .idle, .activity: false
        }
    }

    /// - Parameter isGrouped: whether rows are of several connections.
    func title(isGrouped: Bool) -> String {
        switch self {
        case .number: isGrouped ? "conns" : "#"
        case .state: "state"
        case .frameRate: "frames/s"
        case .byteRate: "B/s"
        case .rateFromClient: "→ B/s"
        case .rateFromServer: "← B/s"
        case .frames: "frames"
        case .roundTrip: "RTT"
        case .tcpRoundTrip: "TCP RTT"
        case .pingRoundTrip: "ping"
        case .findings: "found"
        case .idle: "idle"
        case .activity: "last minute"
        }
    }

    /// What sorts by it; `nil` where that is another one's.
    var order: TopOrder.Column? {
        switch self {
        case .number: .number
        case .state: .state
        case .frameRate: .rate
        case .byteRate, .rateFromClient: .bytes
        case .rateFromServer, .activity, .tcpRoundTrip: nil
        case .frames: .frames
        case .roundTrip, .pingRoundTrip: .roundTrip
        case .findings: .findings
        case .idle: .idle
        }
    }

    /// Words stand at the left end of their column, numbers at the right.
    var isAtLeft: Bool { self == .state }

    var width: Int {
        switch self {
        case .number: 6
        case .state: 11
        case .frameRate: 9
        case .byteRate: 6
        case .rateFromClient, .rateFromServer, .frames, .idle, .tcpRoundTrip, .pingRoundTrip, .roundTrip: 8
        case .findings: 6
        case .activity: TopColumn.activityCells
        }
    }

    /// Seconds of a minute go into so many cells evenly.
    private static let activityCells = 20

    /// What it says of a row.
    func cell(of row: TopRow, at now: Timestamp) -> Piece {
        let ink: Ink = row.isOver ? .faint : .plain
        return switch self {
        case .number: numberCell(of: row)
        case .state: row.state
        case .frameRate: Piece(TopNumber.rate(row.rate.frames), ink)
        case .byteRate: Piece(TopNumber.short(row.bytesPerSecond), ink)
        case .rateFromClient: Piece(TopNumber.short(row.rate.bytesFromClient), ink)
        case .rateFromServer: Piece(TopNumber.short(row.rate.bytesFromServer), ink)
        case .frames: Piece(TopNumber.short(row.frames), ink)
        case .roundTrip: Piece(row.roundTrip.map(TopNumber.duration) ?? "", ink)
        case .tcpRoundTrip: Piece(row.tcpRoundTrip.map(TopNumber.duration) ?? "", ink)
        case .pingRoundTrip: Piece(row.pingRoundTrip.map(TopNumber.duration) ?? "", ink)
        case .findings: row.worstFindings
        case .idle: Piece(row.isOver ? "" : TopNumber.silence(row.idle), ink)
        case .activity: Piece(activity(of: row, at: now), row.isOver ? .faint : .note)
        }
    }

    private func numberCell(of row: TopRow) -> Piece {
        switch row.identity {
        case .connection(let number): Piece("#\(number)", .connection(number))
        case .group: Piece("\(row.count)")
        }
    }

    private func activity(of row: TopRow, at now: Timestamp) -> String {
        let values = row.activity(at: now, cells: TopColumn.activityCells)
        return TerminalWriter.columns(values, of: values.max() ?? 0)
    }
}

extension TopRow {
    /// The worst findings, as a mark and how many there are.
    fileprivate var worstFindings: Piece {
        guard let worst = findings.keys.max() else { return Piece("") }
        return Piece("\(worst.mark.sign) \(findings[worst] ?? 0)", worst.mark.ink)
    }
}
