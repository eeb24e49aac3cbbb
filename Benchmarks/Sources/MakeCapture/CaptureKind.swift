/// The kinds of capture that can be made.
enum CaptureKind: String, CaseIterable {
    case chat
    case bulk
    case noise
    case deflate
    case churn
    case idle
    case talk
    case crowd
    case rpc
    case udp

    /// The sizes that `--sizes` may name.
    var possibleSizes: ClosedRange<Int> {
        switch self {
        // Up to three messages share a segment, whose IPv4 header cannot state more than 65,535 bytes.
        case .chat, .deflate, .talk: 1...20_000
        case .bulk: 1...16 << 20
        case .noise, .crowd: 1...64 << 10
        case .churn, .idle: 1...60_000
        case .rpc: RPCTraffic.shortestMessage...60_000
        case .udp: QUICConversation.shortestDatagram...1472
        }
    }

    /// What messages, bodies or datagrams measure if nothing else is asked for; those of `bulk` are shorter where the
    /// capture is short.
    private var usualSizes: ClosedRange<Int> {
        switch self {
        case .chat, .deflate, .talk: 14...290
        case .bulk: BulkScenario.usualLengths
        case .noise: 200...20_000
        case .crowd: 200...12_000
        case .churn: 14...560
        case .idle: 14...60
        case .rpc: 40...400
        case .udp: 40...1350
        }
    }

    /// The fewest flows that a capture can hold; `nil` if its length alone decides how many it holds.
    var fewestFlows: Int? {
        switch self {
        case .chat, .bulk, .deflate, .talk, .rpc: 1
        // With fewer there is nothing left of the mixture.
        case .noise, .crowd, .udp: 20
        case .churn, .idle: nil
        }
    }

    /// About how many bytes of a capture each flow needs, so that all have their turn.
    func smallestFlow(sizes: ClosedRange<Int>?) -> Int {
        switch self {
        case .chat, .deflate, .talk, .rpc: 3000 + 10 * (sizes ?? usualSizes).upperBound
        case .bulk: 50_000 + 4 * (sizes?.upperBound ?? usualSizes.lowerBound)
        case .noise, .crowd: 5000 + (sizes ?? usualSizes).upperBound / 4
        case .udp: 2000 + (sizes ?? usualSizes).upperBound
        case .churn, .idle: 0
        }
    }

    /// Whether all of it can be put inside TLS: it holds WebSocket connections alone.
    var canBeSecured: Bool {
        switch self {
        case .chat, .bulk, .deflate, .churn, .idle, .talk, .rpc: true
        case .noise, .crowd, .udp: false
        }
    }

    /// Whether what a side says is cut into segments wherever they are full.
    var isStream: Bool { self == .bulk }

    /// Whether compressed messages can be written beside the capture.
    var compresses: Bool { self == .deflate }

    /// What fills a capture of this kind.
    ///
    /// - Parameters:
    ///   - flows: how many flows it holds; `nil` for a number that suits its length.
    ///   - sizes: the lengths of what the kind is made of; `nil` for the usual ones.
    func scenario(flows: Int?, sizes: ClosedRange<Int>?) -> any Scenario {
        let lengths = sizes ?? usualSizes
        return switch self {
        case .chat, .deflate:
            SteadyScenario(flows: flows, compresses: compresses) { _ in ChatTraffic(payloadLengths: lengths) }
        case .talk:
            SteadyScenario(flows: flows) { _ in TalkTraffic(payloadLengths: lengths) }
        case .rpc:
            SteadyScenario(flows: flows) { number in
                RPCTraffic(dialect: number.isMultiple(of: 2) ? .jsonRPC : .socketIO, messageLengths: lengths)
            }
        case .bulk: BulkScenario(flows: flows, payloadLengths: sizes)
        case .noise: MixedScenario.noise(flows: flows, bodyLengths: lengths)
        case .crowd: MixedScenario.crowd(flows: flows, bodyLengths: lengths)
        case .udp: MixedScenario.udp(flows: flows, datagramLengths: lengths)
        case .churn: ChurnScenario(payloadLengths: lengths)
        case .idle: IdleScenario(payloadLengths: lengths)
        }
    }
}
