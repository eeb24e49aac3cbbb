import TapCore
import TapHTTP

/// What a client does wrong in an upgrade request. RFC 6455 §4.1.
enum RequestCheck {
    static func violations(_ request: HTTPHead) -> [Violation] {
        guard case .request(let method, let target, let version) = request.startLine else { return [] }
        let fields = request.fields
        var found: [Violation] = []
        if method != "GET" {
            found.append(broken(.requestMethod, "the method is \(method)", [Evidence("method", .text(method))]))
        }
        // The target of a CONNECT has a form of its own. RFC 9112 §3.2.3.
        if method != "CONNECT", let fault = TargetCheck.fault(in: target) {
            found.append(
                broken(
                    .requestTargetInvalid, fault,
                    [Evidence("expected", .text(TargetCheck.expected)), Evidence("found", .text(target))]))
        }
        if version == "HTTP/1.0" {
            found.append(
                broken(.requestHTTPVersion, "the version is \(version)", [Evidence("version", .text(version))]))
        }
        if !fields.has(.host) { found.append(broken(.requestHostMissing, "there is no Host field")) }
        TokenCheck.check(fields, .client, .requestUpgradeMissing, .requestConnectionUpgradeMissing, &found)
        let isVersionRight = fields.has(.webSocketVersion, only: "13")
        if !isVersionRight, let draft = Draft(fields) {
            found.append(
                broken(.requestVersionDraft, "the client speaks \(draft.name)", [Evidence("draft", .text(draft.name))]))
        } else {
            if !isKeyRight(fields) { found += keyViolations(fields[.webSocketKey]) }
            if !isVersionRight { found += versionViolations(fields[.webSocketVersion]) }
        }
        if fields.has(.webSocketProtocol) { found += protocols(fields) }
        if fields.has(.webSocketExtensions) { found += extensions(fields) }
        if !request.oddities.isEmpty { found += HeadCheck.violations(request, from: .client) }
        return found
    }

    /// In a stream, what RFC 8441 §5 leaves of that: the version, subprotocols and extensions.
    static func violations(inStream request: HTTPHead) -> [Violation] {
        let fields = request.fields
        var found = fields.has(.webSocketVersion, only: "13") ? [] : versionViolations(fields[.webSocketVersion])
        if fields.has(.webSocketProtocol) { found += protocols(fields) }
        if fields.has(.webSocketExtensions) { found += extensions(fields) }
        return found
    }

    private static func broken(_ id: FindingID, _ detail: String, _ evidence: [Evidence] = []) -> Violation {
        Violation(id, by: .client, detail, evidence)
    }

    /// Whether there is one key, of 16 bytes in canonical base64: the fast path of ``keyViolations(_:)`` for what nearly
    /// every client sends, without a text or an array.
    private static func isKeyRight(_ fields: HTTPFields) -> Bool {
        guard let key = fields.onlyBytes(.webSocketKey) else { return false }
        return Base64.isCanonical(key.span.bytes, of: 16)
    }

    private static func keyViolations(_ keys: [String]) -> [Violation] {
        guard let key = keys.first else {
            return [broken(.requestKeyMissing, "there is no Sec-WebSocket-Key field")]
        }
        var found: [Violation] = []
        if keys.count > 1 {
            found.append(
                broken(
                    .requestKeyRepeated, "Sec-WebSocket-Key is there \(keys.count) times",
                    [Evidence("keys", .list(keys))]))
        }
        let decoded = Base64.decode(key.utf8)
        if let decoded, decoded.count == 16 {
            let canonical = Base64.string(decoded.span.bytes)
            guard key != canonical else { return found }
            found.append(
                broken(
                    .requestKeyNotCanonical, "“\(key)” should end as “\(canonical)” does",
                    [Evidence("expected", .text(canonical)), Evidence("found", .text(key))]))
        } else {
            let what = decoded.map { Decimal.counted(UInt64($0.count), "byte") } ?? "no base64"
            found.append(broken(.requestKeyInvalid, "“\(key)” is \(what)", [Evidence("key", .text(key))]))
        }
        return found
    }

    private static func versionViolations(_ versions: [String]) -> [Violation] {
        guard !versions.isEmpty else {
            return [broken(.requestVersionMissing, "there is no Sec-WebSocket-Version field")]
        }
        guard let version = versions.first(where: { $0 != "13" }) else { return [] }
        return [
            broken(
                .requestVersionUnsupported, "the version is \(version)",
                [Evidence("versions", .text(versions.joined(separator: ", ")))])
        ]
    }

    /// The elements must be different, and tokens; a field without any is malformed too.
    private static func protocols(_ fields: HTTPFields) -> [Violation] {
        let offered = fields.list(.webSocketProtocol)
        var found: [Violation] = []
        var seen: Set<String> = []
        let repeated = offered.filter { !seen.insert($0).inserted }
        if let name = repeated.first {
            found.append(
                broken(
                    .requestProtocolRepeated, "“\(name)” is offered more than once",
                    [Evidence("offered", .list(offered))]))
        }
        let malformed = offered.filter { !HTTPText.isToken($0) }
        if let name = malformed.first {
            found.append(
                broken(.requestProtocolMalformed, "“\(name)” is no token", [Evidence("malformed", .list(malformed))]))
        } else if offered.isEmpty {
            found.append(broken(.requestProtocolMalformed, "Sec-WebSocket-Protocol is empty"))
        }
        return found
    }

    private static func extensions(_ fields: HTTPFields) -> [Violation] {
        let list = ExtensionList(fields)
        var found: [Violation] = []
        if let element = list.malformed.first {
            found.append(
                broken(
                    .requestExtensionsMalformed, "“\(element)” is no extension",
                    [Evidence("malformed", .list(list.malformed))]))
        }
        for element in list.deflate {
            for fault in DeflateParameters.parse(element, isOffer: true).faults {
                found.append(broken(.requestDeflateInvalid, fault))
            }
        }
        return found
    }
}

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
