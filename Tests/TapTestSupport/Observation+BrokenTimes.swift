import TapAnalysis
import TapCore
import TapWebSocket

extension Observation {
    /// What no clock can show: ends before beginnings, and durations below zero; in words, empty where all is well.
    package var brokenTimes: [String] {
        switch self {
        case .connection(let connection): connection.brokenTimes
        case .handshake, .frame, .message, .finding, .tls: []
        }
    }
}

extension Connection {
    fileprivate var brokenTimes: [String] {
        let durations: [(String, Int64?)] = [
            ("from open to end", closed.since(opened)), ("of the answer to a close frame", close.answerTime),
            ("of silence", close.idleTime), ("of the client's round trips", clientPings.roundTrips.shortest),
            ("of the server's round trips", serverPings.roundTrips.shortest),
        ]
        return durations.compactMap { name, duration in
            guard let duration, duration < 0 else { return nil }
            return "connection \(number): time \(name) is \(duration) ns"
        }
    }
}
