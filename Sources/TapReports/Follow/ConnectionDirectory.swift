import TapAnalysis
import TapCore

/// The connections of a capture, to choose one from.
public struct ConnectionDirectory: Sendable {
    /// Connections that are known one by one; more are only counted.
    private static let limit = 10_000
    /// Connections that are listed.
    private static let listed = 40

    private var known: [KnownConnection] = []
    private var places: [Int: Int] = [:]
    private var count: UInt64 = 0

    public init() {}

    public func contains(_ number: Int) -> Bool { places[number] != nil }

    /// The one connection that there can be any doubt about: the only one that was opened, or else the only one that
    /// was tried.
    public var only: Int? {
        guard count == UInt64(known.count) else { return nil }
        let opened = known.filter(\.verdict.opensConnection)
        let candidates = opened.isEmpty ? known : opened
        return candidates.count == 1 ? candidates.first?.number : nil
    }

    /// A line for each connection, in the order of their numbers, for the person who must choose.
    /// - Parameter width: where lines go on in further ones; `nil` where they may have any length.
    public func lines(width: Int?) -> [String] {
        let shown = known.sorted { $0.number < $1.number }.prefix(ConnectionDirectory.listed)
        let more = count - UInt64(shown.count)
        return shown.flatMap { $0.lines(width: width) } + (more > 0 ? ["… and \(Decimal.grouped(more)) more"] : [])
    }

    mutating func note(_ observation: Observation) {
        switch observation {
        case .handshake(let handshake):
            count += 1
            guard known.count < ConnectionDirectory.limit else { return }
            places[handshake.connection] = known.count
            known.append(KnownConnection(handshake))
        case .connection(let connection):
            guard let place = places[connection.number] else { return }
            known[place].messages = connection.fromClient.messages + connection.fromServer.messages
        case .frame, .message, .finding, .tls: break
        }
    }
}

/// What one needs to know of a connection to choose it.
struct KnownConnection {
    let number: Int
    let client: Endpoint
    let server: Endpoint
    let verdict: Verdict
    let resource: String?
    let stream: String?
    var messages: UInt64 = 0

    init(_ handshake: Handshake) {
        number = handshake.connection
        client = handshake.client
        server = handshake.server
        verdict = handshake.verdict
        resource = handshake.resource.map { String($0.prefix(200)) }
        stream = handshake.streamWords
    }

    /// `#3    ✓ valid         127.0.0.1:51234 → 127.0.0.1:8080  localhost:8080/chat  18 messages`
    func lines(width: Int?) -> [String] {
        let state = "\(verdict.mark.sign) \(verdict.rawValue)"
        let start = KnownConnection.pad("#\(number)", to: 6) + KnownConnection.pad(state, to: 16)
        let parts = ["\(client) → \(server)", stream, resource, Decimal.counted(messages, "message")].compactMap(\.self)
        let room = width.map { $0 - start.count } ?? .max
        return parts.reduce(into: [String]()) { lines, part in
            let isFirst = lines.isEmpty
            let last = lines.last ?? ""
            if !isFirst, last.count - start.count + 2 + part.count <= room {
                lines[lines.count - 1] = "\(last)  \(part)"
            } else {
                lines.append((isFirst ? start : String(repeating: " ", count: start.count)) + part)
            }
        }
    }

    private static func pad(_ text: String, to width: Int) -> String {
        text + String(repeating: " ", count: max(1, width - text.count))
    }
}
