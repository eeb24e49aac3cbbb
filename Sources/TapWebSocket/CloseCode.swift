/// The status code of a close frame. RFC 6455 §7.4 and the IANA WebSocket Close Code Number Registry.
public struct CloseCode: RawRepresentable, Hashable, Sendable, Codable {
    public let rawValue: UInt16

    public init(rawValue: UInt16) { self.rawValue = rawValue }

    /// Whether an endpoint may put it into a close frame.
    public var isAllowedOnWire: Bool {
        switch rawValue {
        case 1000...1003, 1007...1014, 3000...4999: true
        default: false
        }
    }

    /// The registry's short meaning.
    public var name: String {
        switch rawValue {
        case 1000: "normal closure"
        case 1001: "going away"
        case 1002: "protocol error"
        case 1003: "unsupported data"
        case 1004: "reserved"
        case 1005: "no status received"
        case 1006: "abnormal closure"
        case 1007: "invalid payload data"
        case 1008: "policy violation"
        case 1009: "message too big"
        case 1010: "mandatory extension"
        case 1011: "internal error"
        case 1012: "service restart"
        case 1013: "try again later"
        case 1014: "bad gateway"
        case 1015: "TLS handshake"
        case 3000: "unauthorized"
        case 3003: "forbidden"
        case 3008: "timeout"
        case 3000...3999: "registered"
        case 4000...4999: "private use"
        case 1016...2999: "unassigned"
        default: "invalid"
        }
    }
}
