import TapHTTP

/// What a server does wrong in a 101. RFC 6455 §4.2.2.
enum ResponseCheck {
    /// Without the request, only what the response shows by itself.
    static func violations(_ response: HTTPHead, to request: HTTPHead?) -> [Violation] {
        let fields = response.fields
        var found = TokenCheck.violations(fields, .server, .responseUpgradeMissing, .responseConnectionUpgradeMissing)
        found += accept(fields["Sec-WebSocket-Accept"], request?.fields["Sec-WebSocket-Key"].first)
        found += protocols(fields, request?.fields)
        found += extensions(ExtensionList(fields), request.map { ExtensionList($0.fields) })
        return found + HeadCheck.violations(response, from: .server)
    }

    private static func broken(_ id: FindingID, _ detail: String, _ evidence: [Evidence] = []) -> Violation {
        Violation(id, by: .server, detail, evidence)
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
        let chosen = response.list("Sec-WebSocket-Protocol")
        var found: [Violation] = []
        if chosen.count > 1 {
            found.append(
                broken(
                    .responseProtocolRepeated, "the server chose \(chosen.joined(separator: ", "))",
                    [Evidence("chosen", .list(chosen))]))
        }
        guard let offered = request?.list("Sec-WebSocket-Protocol") else { return found }
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
