import TapAnalysis
import TapHTTP
import TapSubprotocols

extension FilterSubject {
    /// `nil` where the field is about something else.
    func values(ofHandshake field: FilterField) -> [FilterValue]? {
        let (request, response) = (handshake?.request, handshake?.response)
        switch field {
        case .httpRequest: return handshake.map { [.boolean($0.request != nil)] } ?? []
        case .httpResponse: return handshake.map { [.boolean($0.response != nil)] } ?? []
        case .host:
            return (request.map { $0.isOfHTTP2 ? $0.fields[":authority"] : $0.fields["Host"] } ?? [])
                .flatMap(FilterSubject.hosts)
        case .path: return request == nil ? [] : [.text(String(target.prefix { $0 != "?" }))]
        case .query: return query
        case .subprotocol: return (response?.fields.list("Sec-WebSocket-Protocol") ?? []).map { .text($0) }
        case .httpRequestMethod, .httpRequestURI, .httpRequestVersion:
            guard case .request(let method, let target, let version) = request?.startLine else { return [] }
            return [.text(field == .httpRequestMethod ? method : field == .httpRequestURI ? target : version)]
        case .httpResponseCode, .httpResponsePhrase, .httpResponseVersion:
            guard case .response(let version, let status, let reason) = response?.startLine else { return [] }
            return [
                field == .httpResponseCode ? .number(status) : .text(field == .httpResponsePhrase ? reason : version)
            ]
        case .httpRequestLine: return (request?.fields.all ?? []).map { .text("\($0.name): \($0.value)") }
        case .httpResponseLine: return (response?.fields.all ?? []).map { .text("\($0.name): \($0.value)") }
        case .httpTime: return handshake?.responseTime.map { [.seconds($0)] } ?? []
        default: break
        }
        guard let name = field.headerName else { return nil }
        return [request, response].flatMap { $0?.fields[name] ?? [] }.map { .text($0) }
    }

    private var target: String { handshake?.target ?? "" }

    private var query: [FilterValue] {
        guard let mark = target.firstIndex(of: "?") else { return [] }
        return [.text(String(target[target.index(after: mark)...]))]
    }

    /// A host with its port and without, in small letters. RFC 3986 §3.2.2.
    private static func hosts(_ field: String) -> [FilterValue] {
        let host = field.lowercased()
        guard let colon = host.lastIndex(of: ":"), colon != host.startIndex,
            host[host.index(after: colon)...].utf8.allSatisfy({ (0x30...0x39).contains($0) })
        else { return [.text(host)] }
        return [.text(host), .text(String(host[..<colon]))]
    }
}

extension Handshake {
    /// The request's target; empty where the request was not captured.
    fileprivate var target: String {
        if case .request(_, let target, _) = request?.startLine { target } else { "" }
    }

    /// What is known of the connection before its first message.
    var applicationContext: ApplicationContext {
        // Where the server's answer was not captured, what the client offers first.
        let subprotocol = (response ?? request)?.fields.list("Sec-WebSocket-Protocol").first
        return ApplicationContext(subprotocol: subprotocol, target: target)
    }
}

extension FilterField {
    /// The header field that it holds, of the request and of the response.
    fileprivate var headerName: String? {
        switch self {
        case .origin: "Origin"
        case .httpHost: "Host"
        case .httpUserAgent: "User-Agent"
        case .httpReferer: "Referer"
        case .httpCookie: "Cookie"
        case .httpAuthorization: "Authorization"
        case .httpConnection: "Connection"
        case .httpUpgrade: "Upgrade"
        case .httpWebSocketKey: "Sec-WebSocket-Key"
        case .httpWebSocketAccept: "Sec-WebSocket-Accept"
        case .httpWebSocketVersion: "Sec-WebSocket-Version"
        case .httpWebSocketProtocol: "Sec-WebSocket-Protocol"
        case .httpWebSocketExtensions: "Sec-WebSocket-Extensions"
        default: nil
        }
    }
}
