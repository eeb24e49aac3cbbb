import TapAnalysis

/// Observations that wait, in order, with copies of their payloads.
struct HeldObservations {
    private(set) var observations = Observations()
    /// What stands before is gone.
    private var head = 0
    private(set) var payloadCount = 0

    /// Removed observations that are kept until it pays to move the others.
    private static let wasteLimit = 1_024

    var isEmpty: Bool { head == observations.all.count }
    var count: Int { observations.all.count - head }
    var waiting: ArraySlice<Observation> { observations.all[head...] }

    mutating func append(_ added: ArraySlice<Observation>, of source: Observations) {
        for observation in added { append(observation, of: source) }
    }

    /// Removes some at the front. What was read of them before stays valid.
    mutating func removeFirst(_ number: Int) {
        for observation in observations.all[head..<head + number] { payloadCount -= observation.payloadCount }
        head += number
        guard head == observations.all.count || head > HeldObservations.wasteLimit && head > count else { return }
        let rest = self
        self = HeldObservations()
        append(rest.waiting, of: rest.observations)
    }

    private mutating func append(_ observation: Observation, of source: Observations) {
        payloadCount += observation.payloadCount
        switch observation {
        case .frame(var frame):
            let (payload, inflated) = (source.payload(of: frame), source.inflated(of: frame))
            frame.payload = observations.store(Array(payload))
            frame.inflated = observations.store(Array(inflated))
            observations.append(.frame(frame))
        case .message(var message):
            message.payload = observations.store(Array(source.payload(of: message)))
            observations.append(.message(message))
        case .handshake, .finding, .connection, .tls:
            observations.append(observation)
        }
    }
}

extension Observation {
    /// Bytes of payload that are kept of it.
    var payloadCount: Int {
        switch self {
        case .frame(let frame): frame.payload.count + frame.inflated.count
        case .message(let message): message.payload.count
        case .handshake, .finding, .connection, .tls: 0
        }
    }
}
