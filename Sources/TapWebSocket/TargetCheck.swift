import TapCore
import TapHTTP

/// Whether a request asks for what RFC 6455 §3 calls a resource name, or for an absolute http or https URI. RFC 6455 §4.1,
/// the request, item 3.
enum TargetCheck {
    static let expected = "a path, or an absolute http or https URI, without a fragment"

    /// What is wrong with a target; `nil` where nothing is.
    static func fault(in target: String) -> String? {
        let bytes = target.utf8
        if bytes.span.bytes.firstIndex(of: UInt8(ascii: "#")) != nil {
            return "“\(target)” has a fragment, which a client keeps to itself"
        }
        guard bytes.first != UInt8(ascii: "/") else { return nil }
        guard !target.isEmpty else { return "the target is empty" }
        guard let mark = target.firstRange(of: "://") else { return "“\(target)” does not begin with a slash" }
        let scheme = target[..<mark.lowerBound].lowercased()
        switch scheme {
        case "http", "https":
            let hasHost = target[mark.upperBound...].first.map { $0 != "/" && $0 != "?" } ?? false
            return hasHost ? nil : "“\(target)” names no host"
        case "ws", "wss":
            return "“\(target)” is the WebSocket URL itself, which some proxies want, and no server needs to take"
        default:
            return "“\(target)” is no http or https URI, and does not begin with a slash"
        }
    }
}
