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
    /// Without its folders: a page is handed on.
    var fileName: String { name.split(separator: "/").last.map(String.init) ?? name }
    /// Connections by number; of others nothing is kept. `nil` where all are meant.
    private let chosen: Set<Int>?
    private(set) var connections: [ComparedConnection] = []
    private var places: [Int: Int] = [:]
    private var messages = 0
    /// Whether more was said than is kept.
    private(set) var isCut = false

    public init(named name: String, choosing chosen: Set<Int>? = nil) {
        self.name = name
        self.chosen = chosen
    }

    /// Whether there is no connection that messages could be compared of.
    public var isEmpty: Bool { connections.isEmpty }

    /// The same with one of its connections alone.
    public func choosing(_ connection: Int) -> ComparedCapture {
        var other = self
        other.connections.removeAll { $0.number != connection }
        return other
    }

    /// - Parameter shown: the same observations as they may be told.
    public mutating func receive(_ observations: Observations, shown: Observations) {
        for (observation, told) in zip(observations.all, shown.all) {
            switch (observation, told) {
            case (.handshake(let handshake), .handshake(let told)): begin(handshake, told)
            case (.frame(let frame), _):
                if let place = places[frame.connection] { connections[place].note(frame) }
            case (.message(let message), .message(let told)):
                guard let place = places[message.connection] else { continue }
                let isKept = messages < ComparedCapture.messageLimit
                let shown = shown.payload(of: told)
                if connections[place].note(message, shown: shown, isKept: isKept) { messages += 1 }
                if !isKept { isCut = true }
            case (.finding(let finding), _): note(finding)
            case (.connection(let connection), _):
                if let place = places.removeValue(forKey: connection.number) { connections[place].end(connection) }
            default: break
            }
        }
    }

    private mutating func note(_ finding: Finding) {
        let id = finding.violation.id
        // What a limit left out of a packet may be of any connection that the packet is of.
        let found = id == .captureLimitReached ? Array(places.values) : [places[finding.connection]].compactMap(\.self)
        guard id.family == .capture, !id.isBesideMessages else { return }
        for place in found {
            for sender in Sender.allCases where finding.sender ?? sender == sender || id == .captureLimitReached {
                connections[place].noteHole(from: sender)
            }
        }
    }

    private mutating func begin(_ handshake: Handshake, _ shown: Handshake) {
        guard handshake.opensConnection, chosen?.contains(handshake.connection) ?? true else { return }
        guard connections.count < ComparedCapture.connectionLimit else {
            isCut = true
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
