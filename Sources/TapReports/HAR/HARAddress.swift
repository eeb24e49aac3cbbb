import TapHTTP

/// The URL of a WebSocket connection. RFC 6455 §3.
enum HARAddress {
    /// - Parameters:
    ///   - host: the field Host, or the server's address if absent.
    ///   - isSecure: whether it was inside TLS.
    static func text(_ target: RequestTarget, host: String, isSecure: Bool) -> String {
        let origin = target.origin.map(webSocketOrigin) ?? "\(isSecure ? "wss" : "ws")://\(host)"
        let path = target.path.hasPrefix("/") ? target.path : "/\(target.path)"
        return origin + path + (target.query.map { "?\($0)" } ?? "")
    }

    /// A proxy is asked for `http://`, which here is `ws://`.
    private static func webSocketOrigin(_ origin: String) -> String {
        guard let mark = origin.firstRange(of: "://") else { return origin }
        let scheme = origin[..<mark.lowerBound].lowercased()
        return (scheme == "https" || scheme == "wss" ? "wss" : "ws") + origin[mark.lowerBound...]
    }
}
