/// Which protocol a connection speaks, and what says so.
public struct Recognition: Equatable, Sendable, Codable, CustomStringConvertible {
    public enum Evidence: Equatable, Sendable, Codable {
        /// The subprotocol that both agreed on.
        case subprotocol(String)
        /// The path and query.
        case path(String)
        /// What a message holds, and what of it.
        case message(number: Int, String)
        /// Whoever runs the analysis.
        case choice
    }

    public var `protocol`: ApplicationProtocol
    public var evidence: Evidence

    /// `mqtt, by the subprotocol mqtt`
    public var description: String {
        switch evidence {
        case .subprotocol(let name): "\(`protocol`.rawValue), by the subprotocol \(name)"
        case .path(let path): "\(`protocol`.rawValue), by the path \(path)"
        case .message(let number, let reason): "\(`protocol`.rawValue), by message \(number): \(reason)"
        case .choice: "\(`protocol`.rawValue), as chosen"
        }
    }
}
