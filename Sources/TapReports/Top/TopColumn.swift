import TapCore

/// A column of the screen of `wstap top` that says something in numbers; they stand before the resource, which takes what is left.
enum TopColumn: CaseIterable {
    case number, frameRate, rateFromClient, rateFromServer, frames, roundTrip, findings, idle

    /// Below this width resources would be cut down to nothing, and columns that one can do without make room.
    private static let roomyWidth = 100

    /// Those that a screen has room for; the one by which it is sorted always is there.
    static func shown(in width: Int, sortedBy order: TopOrder) -> [TopColumn] {
        guard width < roomyWidth else { return allCases }
        return allCases.filter { ($0 != .frames && $0 != .idle) || $0.order == order.column }
    }

    var title: String {
        switch self {
        case .number: "#"
        case .frameRate: "frames/s"
        case .rateFromClient: "→ B/s"
        case .rateFromServer: "← B/s"
        case .frames: "frames"
        case .roundTrip: "RTT"
        case .findings: "found"
        case .idle: "idle"
        }
    }

    /// What sorts by it; `nil` where that is another one's.
    var order: TopOrder.Column? {
        switch self {
        case .number: .number
        case .frameRate: .rate
        case .rateFromClient: .bytes
        case .rateFromServer: nil
        case .frames: .frames
        case .roundTrip: .roundTrip
        case .findings: .findings
        case .idle: .idle
        }
    }

    var width: Int {
        switch self {
        case .number: 5
        case .frameRate: 10
        case .rateFromClient, .rateFromServer, .frames, .idle: 8
        case .roundTrip: 9
        case .findings: 7
        }
    }

    /// What it says of a connection.
    func cell(of connection: TopConnection, at now: Timestamp) -> Piece {
        let isOver = connection.end != nil
        let ink: Ink = isOver ? .faint : .plain
        let rate = connection.meter.rate(at: now)
        return switch self {
        case .number: Piece("#\(connection.number)", .connection(connection.number))
        case .frameRate: Piece(TopNumber.short(rate.frames), ink)
        case .rateFromClient: Piece(TopNumber.short(rate.bytesFromClient), ink)
        case .rateFromServer: Piece(TopNumber.short(rate.bytesFromServer), ink)
        case .frames: Piece(TopNumber.short(connection.frames), ink)
        case .roundTrip: Piece(connection.roundTrip.map(TopNumber.duration) ?? "", ink)
        case .findings: connection.worstFindings
        case .idle: Piece(isOver ? "" : TopNumber.silence(connection.idle(at: now)), ink)
        }
    }
}

extension TopConnection {
    /// The worst findings, as a mark and how many there are.
    fileprivate var worstFindings: Piece {
        guard let worst = findings.keys.max() else { return Piece("") }
        return Piece("\(worst.mark.sign) \(findings[worst] ?? 0)", worst.mark.ink)
    }
}
