import TapHTTP

/// What the two heads of an opening handshake say about each rule.
struct HandshakeFacts {
    let request: HTTPHead?
    let response: HTTPHead?

    /// Whether it is of a stream of HTTP/2.
    var isInStream: Bool { (request ?? response)?.isOfHTTP2 ?? false }

    private var status: Int? { response?.status }

    /// Whether there is enough to say that a rule is kept.
    func allowsJudging(_ rule: HandshakeRule) -> Bool {
        if rule == .status { return response != nil }
        let head = rule.sender == .client ? request : response
        guard head?.isWhole ?? false else { return false }
        let request = request.flatMap { $0.isWhole ? $0 : nil }
        let isSwitch = isAgreed && response?.isWhole ?? false
        switch rule {
        case .method, .httpVersion, .host, .pseudoFields, .requestUpgrade, .requestConnection, .key, .version,
            .protocolsOffered, .extensionsOffered, .requestForm:
            return request != nil
        // What the server had enabled before, its heads do not say.
        case .extendedConnect: return false
        case .patience: return request != nil && isSwitch
        case .status: return response != nil
        case .responseUpgrade, .responseConnection, .responseForm: return isSwitch
        case .accept: return isSwitch && key != nil
        case .protocolChosen: return isSwitch && (request != nil || chosen("Sec-WebSocket-Protocol").isEmpty)
        case .extensionsChosen: return isSwitch && (request != nil || chosen("Sec-WebSocket-Extensions").isEmpty)
        }
    }

    func expected(by rule: HandshakeRule) -> String {
        switch rule {
        case .method: isInStream ? "CONNECT" : "GET"
        case .extendedConnect: "SETTINGS_ENABLE_CONNECT_PROTOCOL before it"
        case .pseudoFields: ":method, :protocol, :scheme, :authority and :path, once each and first"
        case .httpVersion: "HTTP/1.1"
        case .host: "a Host field"
        case .requestUpgrade, .responseUpgrade: "websocket"
        case .requestConnection, .responseConnection: "upgrade"
        case .key: "16 bytes in base64, never used before"
        case .version: "13"
        case .protocolsOffered: "different tokens, or no such field"
        case .extensionsOffered: "a list of extensions, or no such field"
        case .requestForm, .responseForm:
            isInStream ? "fields in small letters, none of HTTP/1.1 alone" : "lines of “name: value” that end in CR LF"
        case .patience: "no data before the server's answer"
        case .status: isInStream ? "200" : "101"
        case .accept: key.map(AcceptKey.expected(for:)) ?? "an answer to the key"
        case .protocolChosen: choice(of: offered("Sec-WebSocket-Protocol"))
        case .extensionsChosen: choice(of: offered("Sec-WebSocket-Extensions"))
        }
    }

    func found(for rule: HandshakeRule) -> String? {
        switch rule {
        case .method: requestLine?.method
        case .extendedConnect: nil
        case .pseudoFields:
            request.map { $0.fields.all.filter { $0.name.hasPrefix(":") }.map(\.name).joined(separator: " ") }
        case .httpVersion: requestLine?.version
        case .host: value("Host", in: request)
        case .requestUpgrade: value("Upgrade", in: request)
        case .requestConnection: value("Connection", in: request)
        case .key: value("Sec-WebSocket-Key", in: request)
        case .version: value("Sec-WebSocket-Version", in: request)
        case .protocolsOffered: value("Sec-WebSocket-Protocol", in: request)
        case .extensionsOffered: value("Sec-WebSocket-Extensions", in: request)
        case .requestForm: form(of: request)
        case .patience: nil
        case .status: statusLine
        case .responseUpgrade: value("Upgrade", in: response)
        case .responseConnection: value("Connection", in: response)
        case .accept: value("Sec-WebSocket-Accept", in: response)
        case .protocolChosen: value("Sec-WebSocket-Protocol", in: response)
        case .extensionsChosen: value("Sec-WebSocket-Extensions", in: response)
        case .responseForm: form(of: response)
        }
    }

    private var isAgreed: Bool {
        isInStream ? status.map { (200..<300).contains($0) } ?? false : status == 101
    }

    private var key: String? { request?.fields["Sec-WebSocket-Key"].first }

    private var requestLine: (method: String, version: String)? {
        guard case .request(let method, _, let version) = request?.startLine else { return nil }
        return (method, version)
    }

    private var statusLine: String? {
        guard case .response(_, let status, let reason) = response?.startLine else { return nil }
        return reason.isEmpty ? "\(status)" : "\(status) \(reason)"
    }

    private func value(_ name: String, in head: HTTPHead?) -> String? {
        guard let values = head?.fields[name] else { return nil }
        return values.isEmpty ? "no \(name)" : values.joined(separator: ", ")
    }

    private func chosen(_ name: String) -> [String] { response?.fields.list(name) ?? [] }
    private func offered(_ name: String) -> [String]? { request?.fields.list(name) }

    private func choice(of offered: [String]?) -> String {
        guard let offered else { return "one of those offered, or none" }
        return offered.isEmpty ? "none, as none was offered" : "of \(offered.joined(separator: ", "))"
    }

    private func form(of head: HTTPHead?) -> String? {
        guard let head else { return nil }
        let names: [(HTTPOddities, String)] = [
            (.bareLineFeed, "lines that end in LF alone"), (.foldedLine, "a folded line"),
            (.spaceBeforeColon, "white space before a colon"), (.malformedLine, "a line that is no field"),
        ]
        let found = names.filter { head.oddities.contains($0.0) }.map(\.1)
        return found.isEmpty ? "well-formed" : found.joined(separator: ", ")
    }
}
