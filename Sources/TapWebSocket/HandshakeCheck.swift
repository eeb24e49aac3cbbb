import TapBytes
import TapHTTP

/// Checks an opening handshake against RFC 6455 §4. Pure functions from heads to violations, in the order of the heads.
public enum HandshakeCheck {
    /// Whether a request asks for WebSocket, however badly: it names the protocol, or has a field that only WebSocket has.
    public static func isAttempt(_ request: HTTPHead) -> Bool {
        let namesProtocol = request.fields.list("Upgrade", contains: "websocket")
        return namesProtocol || !request.fields["Sec-WebSocket-Key"].isEmpty
            || !request.fields["Sec-WebSocket-Version"].isEmpty
    }

    /// What a client does wrong. RFC 6455 §4.1.
    public static func violations(inRequest request: HTTPHead) -> [Violation] {
        guard case .request(let method, _, let version) = request.startLine else { return [] }
        let fields = request.fields
        var found: [Violation] = []
        if method != "GET" {
            found.append(Violation(.requestMethod, "the method is \(method)", [Evidence("method", .text(method))]))
        }
        if version == "HTTP/1.0" {
            found.append(
                Violation(.requestHTTPVersion, "the version is \(version)", [Evidence("version", .text(version))]))
        }
        if fields["Host"].isEmpty { found.append(Violation(.requestHostMissing, "there is no Host field")) }
        found += hopByHop(fields, .requestUpgradeMissing, .requestConnectionUpgradeMissing)
        found += keyViolations(fields["Sec-WebSocket-Key"])
        found += versionViolations(fields["Sec-WebSocket-Version"])
        return found
    }

    /// What a server does wrong in a 101. RFC 6455 §4.2.2; without the request, only what the response shows by itself.
    public static func violations(inResponse response: HTTPHead, to request: HTTPHead?) -> [Violation] {
        let fields = response.fields
        var found = hopByHop(fields, .responseUpgradeMissing, .responseConnectionUpgradeMissing)
        let accepts = fields["Sec-WebSocket-Accept"]
        if accepts.isEmpty {
            found.append(Violation(.responseAcceptMissing, "there is no Sec-WebSocket-Accept field"))
        }
        if accepts.count > 1 {
            found.append(
                Violation(
                    .responseAcceptRepeated, "Sec-WebSocket-Accept is there \(accepts.count) times",
                    [Evidence("values", .list(accepts))]))
        }
        guard let request else { return found }
        if let key = request.fields["Sec-WebSocket-Key"].first, let accept = accepts.first {
            let expected = AcceptKey.expected(for: key)
            if accept != expected {
                found.append(
                    Violation(
                        .responseAcceptWrong, "expected \(expected), found \(accept)",
                        [
                            Evidence("key", .text(key)), Evidence("expected", .text(expected)),
                            Evidence("found", .text(accept)),
                        ]))
            }
        }
        return found + negotiationViolations(fields, request.fields)
    }

    private static func hopByHop(_ fields: HTTPFields, _ upgrade: FindingID, _ connection: FindingID) -> [Violation] {
        var found: [Violation] = []
        if !fields.list("Upgrade", contains: "websocket") {
            found.append(missing("websocket", in: "Upgrade", fields, upgrade))
        }
        if !fields.list("Connection", contains: "upgrade") {
            found.append(missing("upgrade", in: "Connection", fields, connection))
        }
        return found
    }

    private static func missing(_ token: String, in name: String, _ fields: HTTPFields, _ id: FindingID) -> Violation {
        let values = fields[name]
        let detail =
            values.isEmpty
            ? "there is no \(name) field"
            : "\(name) is “\(values.joined(separator: ", "))”, without \(token)"
        return Violation(id, detail, values.isEmpty ? [] : [Evidence("found", .list(values))])
    }

    private static func keyViolations(_ keys: [String]) -> [Violation] {
        guard let key = keys.first else {
            return [Violation(.requestKeyMissing, "there is no Sec-WebSocket-Key field")]
        }
        var found: [Violation] = []
        if keys.count > 1 {
            found.append(
                Violation(
                    .requestKeyRepeated, "Sec-WebSocket-Key is there \(keys.count) times",
                    [Evidence("keys", .list(keys))]))
        }
        let decoded = Base64.decode(key.utf8)
        if decoded?.count != 16 {
            let what = decoded.map { "\($0.count) bytes" } ?? "no base64"
            found.append(Violation(.requestKeyInvalid, "“\(key)” is \(what)", [Evidence("key", .text(key))]))
        }
        return found
    }

    private static func versionViolations(_ versions: [String]) -> [Violation] {
        guard !versions.isEmpty else {
            return [Violation(.requestVersionMissing, "there is no Sec-WebSocket-Version field")]
        }
        guard let version = versions.first(where: { $0 != "13" }) else { return [] }
        return [
            Violation(
                .requestVersionUnsupported, "the version is \(version)", [Evidence("versions", .list(versions))])
        ]
    }

    private static func negotiationViolations(_ response: HTTPFields, _ request: HTTPFields) -> [Violation] {
        var found: [Violation] = []
        let offered = request.list("Sec-WebSocket-Protocol")
        let chosen = response.list("Sec-WebSocket-Protocol")
        if chosen.count > 1 {
            found.append(
                Violation(
                    .responseProtocolRepeated, "the server chose \(chosen.joined(separator: ", "))",
                    [Evidence("chosen", .list(chosen))]))
        }
        for name in chosen where !offered.contains(name) {
            found.append(
                Violation(
                    .responseProtocolNotOffered, "the server chose “\(name)”",
                    [Evidence("chosen", .text(name)), Evidence("offered", .list(offered))]))
        }
        let offeredExtensions = ExtensionList.names(request.list("Sec-WebSocket-Extensions"))
        for name in ExtensionList.names(response.list("Sec-WebSocket-Extensions"))
        where !offeredExtensions.contains(name) {
            found.append(
                Violation(
                    .responseExtensionNotOffered, "the server chose “\(name)”",
                    [Evidence("chosen", .text(name)), Evidence("offered", .list(offeredExtensions))]))
        }
        return found
    }
}
