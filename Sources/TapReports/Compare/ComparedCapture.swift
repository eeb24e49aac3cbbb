import TapAnalysis
import TapCore
import TapWebSocket

/// What is kept of a capture to hold it against another one.
public struct ComparedCapture: Sendable {
    /// Messages that are kept; behind them nothing is concluded.
    public static let messageLimit = 200_000
    /// Connections that are kept.
    public static let connectionLimit = 10_000

    /// As the user names it.
    public let name: String
    /// Connections by number; of others nothing is kept. `nil` where all are meant.
    private let chosen: Set<Int>?
    private(set) var connections: [ComparedConnection] = []
    private var places: [Int: Int] = [:]
    private var messages = 0
    /// Connections that were too many.
    private(set) var leftOut = 0

    public init(named name: String, choosing chosen: Set<Int>? = nil) {
        self.name = name
        self.chosen = chosen
    }

    /// Whether there is no connection that messages could be compared of.
    public var isEmpty: Bool { connections.isEmpty }

    /// Whether more was said than is kept.
    public var isCut: Bool { messages >= ComparedCapture.messageLimit || leftOut > 0 }

    /// - Parameter shown: the same observations as they may be told.
    public mutating func receive(_ observations: Observations, shown: Observations) {
        for (observation, told) in zip(observations.all, shown.all) {
            switch (observation, told) {
            case (.handshake(let handshake), .handshake(let told)): begin(handshake, told)
            case (.frame(let frame), .frame(let told)):
                guard let place = places[frame.connection] else { continue }
                let readable = told.isInflated ? shown.inflated(of: told) : shown.payload(of: told)
                if frame.header.isFinal, !frame.header.opcode.isControl { messages += 1 }
                let limit = messages > ComparedCapture.messageLimit ? 0 : Int.max
                connections[place].note(frame, of: observations, shown: readable, keeping: limit)
            case (.finding(let finding), _):
                guard let place = places[finding.connection], finding.violation.id.family == .capture,
                    !finding.violation.id.isBesideMessages
                else { continue }
                for sender in Sender.allCases where finding.sender ?? sender == sender {
                    connections[place].noteHole(from: sender)
                }
            case (.connection(let connection), _):
                if let place = places.removeValue(forKey: connection.number) { connections[place].end(connection) }
            default: break
            }
        }
    }

    private mutating func begin(_ handshake: Handshake, _ shown: Handshake) {
        guard handshake.opensConnection, chosen?.contains(handshake.connection) ?? true else { return }
        guard connections.count < ComparedCapture.connectionLimit else {
            leftOut += 1
            return
        }
        places[handshake.connection] = connections.count
        connections.append(ComparedConnection(handshake, shown: shown))
    }
}

extension FindingID {
    /// Whether a finding about the capture says nothing of missing messages.
    fileprivate var isBesideMessages: Bool { self == .captureDuplicated }
}
