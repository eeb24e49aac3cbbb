import TapAnalysis
import TapHTTP

/// Where a handshake is from and where it goes to, in the words of its heads.
extension Handshake {
    /// `localhost:8080/chat`; the target alone where it names the host itself. RFC 9112 §3.2.
    var resource: String? {
        guard let request, case .request(_, let target, _) = request.startLine else { return nil }
        guard target.hasPrefix("/") || target.isEmpty, let host = request.host else { return target }
        return host + target
    }

    /// `h2 stream 5`, where it is one.
    var streamWords: String? { stream.map { "\($0.transport.rawValue) stream \($0.number)" } }

    /// Between whom a proxy says that the connection is, or where to a client asks a proxy for it; `nil` where neither says anything.
    var proxied: String? {
        switch proxy?.addresses {
        case nil, .some(.none): nil
        case .unix(let source, let destination):
            "proxied for \(String(decoding: source, as: UTF8.self)) → \(String(decoding: destination, as: UTF8.self))"
        case .requested(let host, let port): "to \(host.contains(":") ? "[\(host)]" : host):\(port) by way of SOCKS"
        case .internet:
            if let client = proxy?.client, let server = proxy?.server {
                "proxied for \(client) → \(server)"
            } else {
                nil
            }
        }
    }
}
