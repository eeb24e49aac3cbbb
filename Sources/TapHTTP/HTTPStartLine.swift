/// The first line of a message. RFC 9112 §3 and §4.
public enum HTTPStartLine: Equatable, Sendable {
    case request(method: String, target: String, version: String)
    case response(version: String, status: Int, reason: String)
}
