import TapHTTP

/// What a server does wrong in a 101. RFC 6455 §4.2.2.
enum ResponseCheck {
    /// Without the request, only what the response shows by itself.
    static func violations(_ response: HTTPHead, to request: HTTPHead?) -> [Violation] {
        let fields = response.fields
        var found: [Violation] = []
        if case .response("HTTP/1.0", _, _) = response.startLine { found.append(version) }
        TokenCheck.check(fields, .server, .responseUpgradeMissing, .responseConnectionUpgradeMissing, &found)
        if !fields.has(.upgrade, onlyToken: "websocket"), fields.list(.upgrade, contains: "websocket") {
            found.append(upgrade(fields[.upgrade]))
        }
        let offers = request?.fields
        if !isAcceptRight(fields, offers) { found += accept(fields[.webSocketAccept], offers?.first(.webSocketKey)) }
        if fields.has(.webSocketProtocol) { found += protocols(fields, offers) }
        if fields.has(.webSocketExtensions) {
            found += extensions(ExtensionList(fields), offers.map { ExtensionList($0) })
        }
        if fields.has(.contentLength) || fields.has(.transferEncoding) { found.append(bodyFields(fields)) }
        if !response.oddities.isEmpty { found += HeadCheck.violations(response, from: .server) }
        return found
    }

    /// In a stream, what RFC 8441 §5 leaves of that.
    static func violations(inStream response: HTTPHead, to request: HTTPHead?) -> [Violation] {
        let (fields, offers) = (response.fields, request?.fields)
        var found: [Violation] = []
        if case .response(_, let status, _) = response.startLine, (201..<300).contains(status) {
            found.append(
                Violation(
                    .h2StatusNot200, by: .server, "the status is \(status): browsers take 200 alone",
                    [Evidence("status", .number(UInt64(status)))]))
        }
        if fields.has(.webSocketProtocol) { found += protocols(fields, offers) }
        if fields.has(.webSocketExtensions) {
            found += extensions(ExtensionList(fields), offers.map { ExtensionList($0) })
        }
        return found
    }

    private static func broken(_ id: FindingID, _ detail: String, _ evidence: [Evidence] = []) -> Violation {
        Violation(id, by: .server, detail, evidence)
    }

    private static let version = broken(
        .responseHTTPVersion, "the version is HTTP/1.0, which has no 101",
        [Evidence("expected", .text("HTTP/1.1")), Evidence("found", .text("HTTP/1.0"))])

    /// A list that has `websocket` among others, or the field twice. RFC 6455 §4.1, the response, item 2.
    private static func upgrade(_ values: [String]) -> Violation {
        let detail =
            values.count > 1
            ? "Upgrade is there \(values.count) times: \(values.joined(separator: ", "))"
            : "Upgrade is “\(values.joined())”, and must be “websocket” alone"
        return broken(.responseUpgradeWrong, detail, [Evidence("found", .text(values.joined(separator: ", ")))])
    }

    private static func bodyFields(_ fields: HTTPFields) -> Violation {
        let found =
            fields[.contentLength].map { "Content-Length: \($0)" }
            + fields[.transferEncoding].map { "Transfer-Encoding: \($0)" }
        let text = found.joined(separator: ", ")
        return broken(
            .responseBodyFields, "the 101 has \(text)",
            [Evidence("expected", .text("no Content-Length, no Transfer-Encoding")), Evidence("found", .text(text))])
    }

    /// Whether there is one value, which answers the key: the fast path of ``accept(_:_:)`` for what nearly every server
    /// sends, without a text or an array.
    private static func isAcceptRight(_ fields: HTTPFields, _ offers: HTTPFields?) -> Bool {
        guard let value = fields.onlyBytes(.webSocketAccept), let key = offers?.firstBytes(.webSocketKey)
        else { return false }
        return AcceptKey.isRight(value.span.bytes, for: key.span.bytes)
    }

    private static func accept(_ values: [String], _ key: String?) -> [Violation] {
        guard let value = values.first else {
            return [broken(.responseAcceptMissing, "there is no Sec-WebSocket-Accept field")]
        }
        var found: [Violation] = []
        if values.count > 1 {
            found.append(
                broken(
                    .responseAcceptRepeated, "Sec-WebSocket-Accept is there \(values.count) times",
                    [Evidence("values", .list(values))]))
        }
        guard let key else { return found }
        let expected = AcceptKey.expected(for: key)
        if value != expected {
            found.append(
                broken(
                    .responseAcceptWrong, "expected \(expected), found \(value)",
                    [
                        Evidence("key", .text(key)), Evidence("expected", .text(expected)),
                        Evidence("found", .text(value)),
                    ]))
        }
        return found
    }

    private static func protocols(_ response: HTTPFields, _ request: HTTPFields?) -> [Violation] {
        let chosen = response.list(.webSocketProtocol)
        var found: [Violation] = []
        if chosen.count > 1 {
            found.append(
                broken(
                    .responseProtocolRepeated, "the server chose \(chosen.joined(separator: ", "))",
                    [Evidence("choices", .list(chosen))]))
        }
        guard let offered = request?.list(.webSocketProtocol) else { return found }
        let names = Set(offered)
        for name in chosen where !names.contains(name) {
            found.append(
                broken(
                    .responseProtocolNotOffered, "the server chose “\(name)”",
                    [Evidence("chosen", .text(name)), Evidence("offered", .list(offered))]))
        }
        return found
    }

    private static func extensions(_ chosen: ExtensionList, _ offered: ExtensionList?) -> [Violation] {
        var found: [Violation] = []
        if let element = chosen.malformed.first {
            found.append(
                broken(
                    .responseExtensionsMalformed, "“\(element)” is no extension",
                    [Evidence("malformed", .list(chosen.malformed))]))
        }
        var seen: Set<String> = []
        for name in chosen.names where !seen.insert(name).inserted {
            found.append(broken(.responseExtensionRepeated, "the server chose “\(name)” twice"))
        }
        if let offered {
            let offeredNames = offered.names
            let names = Set(offeredNames)
            for name in chosen.names where !names.contains(name) {
                found.append(
                    broken(
                        .responseExtensionNotOffered, "the server chose “\(name)”",
                        [Evidence("chosen", .text(name)), Evidence("offered", .list(offeredNames))]))
            }
        }
        return found + deflate(chosen, offered)
    }

    private static func deflate(_ chosen: ExtensionList, _ offered: ExtensionList?) -> [Violation] {
        guard let element = chosen.deflate.first else { return [] }
        let (parameters, faults) = DeflateParameters.parse(element, isOffer: false)
        guard faults.isEmpty else { return faults.map { broken(.responseDeflateInvalid, $0) } }
        // An invalid offer must be declined, so only the others can be what the server answers.
        let offers = (offered?.deflate ?? []).map { DeflateParameters.parse($0, isOffer: true) }
            .filter(\.faults.isEmpty).map(\.0)
        let answers = offers.map(parameters.faults(answering:))
        guard !answers.contains([]) else { return [] }
        return (answers.first ?? []).map { broken(.responseDeflateNotAllowed, $0) }
    }
}
