import TapAnalysis
import TapWebSocket

/// How connections ended.
struct ClosingStatistics: Sendable, Codable {
    /// The code of the first close frame; `nil` is a close frame without one.
    private(set) var codes: [CloseCode?: UInt64] = [:]
    /// Connections without a close frame, by what ended them.
    private(set) var causes: [ConnectionClose.Cause: UInt64] = [:]
    /// Connections about which it is not known whether there was a close frame, or whether they ended.
    private(set) var uncertain: [ConnectionClose.Cause: UInt64] = [:]
    private(set) var clean: UInt64 = 0
    /// What the ends mean; `nil` where that is not known.
    private(set) var outcomes: [ConnectionClose.Outcome?: UInt64] = [:]
    private(set) var count: UInt64 = 0

    mutating func add(_ close: ConnectionClose) {
        count += 1
        if close.isClean { clean += 1 }
        outcomes[close.outcome, default: 0] += 1
        if let body = close.body {
            codes[body.code, default: 0] += 1
        } else if close.isCauseCertain {
            causes[close.endedBy, default: 0] += 1
        } else {
            uncertain[close.endedBy, default: 0] += 1
        }
    }

    /// Adds the ends of other connections.
    mutating func merge(_ other: ClosingStatistics) {
        codes.merge(other.codes, uniquingKeysWith: +)
        causes.merge(other.causes, uniquingKeysWith: +)
        uncertain.merge(other.uncertain, uniquingKeysWith: +)
        outcomes.merge(other.outcomes, uniquingKeysWith: +)
        clean += other.clean
        count += other.count
    }

    /// The codes with how often they came, the most frequent first.
    var sortedCodes: [(code: CloseCode?, count: UInt64)] {
        codes.map { (code: $0.key, count: $0.value) }.sorted { one, other in
            one.count == other.count
                ? (one.code?.rawValue ?? 0) < (other.code?.rawValue ?? 0) : one.count > other.count
        }
    }

    /// What ended connections without a close frame, the most frequent first.
    var sortedCauses: [(cause: ConnectionClose.Cause, count: UInt64)] { ClosingStatistics.sorted(causes) }

    /// The same of those of which less is known.
    var sortedUncertain: [(cause: ConnectionClose.Cause, count: UInt64)] { ClosingStatistics.sorted(uncertain) }

    private static func sorted(
        _ causes: [ConnectionClose.Cause: UInt64]
    ) -> [(cause: ConnectionClose.Cause, count: UInt64)] {
        causes.map { (cause: $0.key, count: $0.value) }.sorted { one, other in
            one.count == other.count ? one.cause.rawValue < other.cause.rawValue : one.count > other.count
        }
    }
}

extension ConnectionClose {
    /// Whether what ended it without a close frame is known, and that there was none.
    fileprivate var isCauseCertain: Bool {
        switch endedBy {
        case .fin, .rst, .endStream, .resetStream, .goAway, .connectionClose: isWithoutClose
        case .captureEnd: isEndKnown
        case .evicted: true
        }
    }
}
