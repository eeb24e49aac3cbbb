import TapAnalysis
import TapCore
import TapWebSocket

/// One connection in two captures, or two legs of one exchange.
struct ConnectionComparison: Sendable {
    /// What says that both are one.
    enum Evidence: String, Sendable {
        case chosen, endpoints, key, messages
    }

    let first: ComparedConnection
    let second: ComparedConnection
    let evidence: Evidence
    private(set) var pairs: [ComparedPair] = []
    private(set) var clientDelays = RoundTrips()
    private(set) var serverDelays = RoundTrips()
    /// Whether messages were aligned by the shortest way, rather than only by those that are there once.
    let isExact: Bool
    private let alignments: [Sender: MessageAlignment]

    init(_ first: ComparedConnection, _ second: ComparedConnection, by evidence: Evidence) {
        self.first = first
        self.second = second
        self.evidence = evidence
        alignments = Dictionary(
            uniqueKeysWithValues: Sender.allCases.map {
                ($0, MessageAlignment(first.from($0).messages, second.from($0).messages))
            })
        isExact = alignments.values.allSatisfy(\.isExact)
    }

    func delays(from sender: Sender) -> RoundTrips { sender == .client ? clientDelays : serverDelays }

    /// Whether both captures have the same, as far as they show.
    var isAlike: Bool { !pairs.contains(where: \.isDifferent) && endsDiffer != true }

    /// Whether the connection ended in another way in one of them; `nil` where that is not known of both.
    var endsDiffer: Bool? {
        guard let one = first.close, let other = second.close, one.endedBy.isEnd, other.endedBy.isEnd,
            one.body != nil || one.isWithoutClose, other.body != nil || other.isWithoutClose
        else { return nil }
        return one.body?.code != other.body?.code || (one.body == nil) != (other.body == nil)
    }

    /// Adds what tells how far the clocks are apart: what is certain to be the same in both.
    func add(to samples: inout OffsetSamples) {
        if isOneHandshake {
            if let time = first.requestTime, let other = second.requestTime {
                samples.fromClient.add(other.since(time))
            }
            if let time = first.responseTime, let other = second.responseTime {
                samples.fromServer.add(other.since(time))
            }
        }
        for sender in Sender.allCases {
            let (one, other) = (first.from(sender).messages, second.from(sender).messages)
            let (counts, others) = (ConnectionComparison.counts(one), ConnectionComparison.counts(other))
            for case .both(let place, let partner) in alignments[sender]?.steps ?? [] {
                // Of equal messages, one of which is lost, nobody knows which is which.
                guard counts[one[place].hash] == others[one[place].hash] else { continue }
                let difference = other[partner].time.since(one[place].time)
                if sender == .client {
                    samples.fromClient.add(difference)
                } else {
                    samples.fromServer.add(difference)
                }
            }
        }
    }

    /// Whether the handshake of one is that of the other, rather than a proxy's own.
    private var isOneHandshake: Bool {
        first.key == second.key && (first.key != nil || first.flow == second.flow && first.stream == second.stream)
    }

    private static func counts(_ messages: [ComparedMessage]) -> [UInt64: Int] {
        messages.reduce(into: [:]) { $0[$1.hash, default: 0] += 1 }
    }

    /// Says what became of each message.
    /// - Parameters:
    ///   - clock: how far the clocks are apart; `nil` where that is not known.
    ///   - slow: from how many nanoseconds on a message is told to be late.
    mutating func judge(by clock: ClockOffset?, slow: Int64) {
        for sender in Sender.allCases {
            guard var alignment = alignments[sender] else { continue }
            let (one, other) = (first.from(sender), second.from(sender))
            let way = Way(sender, clock)
            if way.isKnown {
                alignment.settle(one.messages, other.messages) { place, partner in
                    (way.delay(one.messages[place], other.messages[partner]) ?? 0).magnitude
                }
            }
            let found = DirectionComparison(one, other, alignment, way, slow: slow)
            for delay in found.pairs.compactMap(\.delay) {
                if sender == .client { clientDelays.add(delay) } else { serverDelays.add(delay) }
            }
            pairs += found.pairs
        }
        pairs.sort { ConnectionComparison.time($0, clock) < ConnectionComparison.time($1, clock) }
    }

    /// When a message went by, by the first clock.
    private static func time(_ pair: ComparedPair, _ clock: ClockOffset?) -> Int64 {
        pair.first?.time.nanoseconds ?? (pair.second?.time.nanoseconds ?? 0) &- (clock?.nanoseconds ?? 0)
    }
}

/// Which way messages of a peer take between two captures.
struct Way {
    let sender: Sender
    private let clock: ClockOffset?

    init(_ sender: Sender, _ clock: ClockOffset?) {
        self.sender = sender
        self.clock = clock
    }

    var isKnown: Bool { clock != nil }

    /// How long a message took from where it went by first to the other place.
    func delay(_ first: ComparedMessage, _ second: ComparedMessage) -> Int64? {
        guard let clock else { return nil }
        let difference = second.time.since(first.time) &- clock.nanoseconds
        return isFromFirst ? difference : 0 &- difference
    }

    /// Whether it goes by the first capture first.
    var isFromFirst: Bool { (clock?.nearClient ?? .first) == (sender == .client ? .first : .second) }
}
