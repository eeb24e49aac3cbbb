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

    /// Whether the connection ended in another way in one of them; `nil` where that is not known of both: it takes all that both
    /// peers sent.
    var endsDiffer: Bool? {
        guard let one = first.close, let other = second.close, one.endedBy.isEnd, other.endedBy.isEnd,
            one.whole == .both, other.whole == .both
        else { return nil }
        if one.body?.code == other.body?.code, (one.body == nil) == (other.body == nil) { return false }
        // Where close frames of both peers crossed, each capture has another one first.
        if one.isClean, other.isClean, one.initiator != other.initiator { return nil }
        return true
    }

    /// How it ended in each capture, for people; nothing where that is the same, or not known.
    var endWords: [String] {
        guard endsDiffer == true else { return [] }
        return [("A", first), ("B", second)].compactMap { name, one in one.close.map { "\(name) \($0.headline)" } }
    }

    /// When a message went by, since the connection began where it was seen.
    func age(of pair: ComparedPair) -> Int64? {
        guard let message = pair.message else { return nil }
        return message.time.since((pair.first == nil ? second : first).begun ?? message.time)
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
            guard let alignment = alignments[sender] else { continue }
            let (one, other) = (first.from(sender), second.from(sender))
            let (counts, others) = (one.counts, other.counts)
            let certainty = AlignmentCertainty(alignment, one, other)
            for (step, known) in zip(alignment.steps, certainty.steps) {
                // Of equal messages, one of which is lost, nobody knows which is which.
                guard case .both(let place, let partner) = step, known.isOne,
                    counts[one.messages[place].hash] == others[one.messages[place].hash]
                else { continue }
                let difference = other.messages[partner].time.since(one.messages[place].time)
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
