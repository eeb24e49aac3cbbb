import TapAnalysis
import TapCore
import TapSubprotocols
import TapWebSocket

/// What messages say in their protocols, without secrets.
struct ApplicationRedactor {
    /// The secrets of the connection that was read last, which findings may quote.
    private var redactor = Redactor()
    private var connection = 0

    /// Bytes of a secret that are looked for in what quotes it; no excerpt has as many.
    private static let longestSecret = 1_024

    /// Hides what items name as secrets, where they lie in the payload and where the items quote them.
    /// - Parameter payload: where the message lies in `bytes`.
    mutating func redact(
        _ notes: ApplicationNotes, of connection: Int, at payload: Range<Int>, in bytes: inout [UInt8],
        _ scope: Redaction.Scope
    ) -> ApplicationNotes {
        begin(connection)
        switch scope {
        case .payloads:
            return ApplicationNotes(
                items: notes.items.map { $0.withoutTexts }, recognition: redacted(notes.recognition))
        case .secrets:
            var secrets: [String] = []
            for item in notes.items {
                for secret in item.secrets {
                    let place = secret.clamped(to: 0..<payload.count).shifted(by: payload.lowerBound)
                    guard !place.isEmpty else { continue }
                    let text = String(decoding: bytes[place].prefix(ApplicationRedactor.longestSecret), as: UTF8.self)
                    // What was hidden before, as that of a frame is when its message comes, is no secret any more.
                    if text.contains(where: { $0 != "*" }) { secrets.append(text) }
                    _ = redactor.secret(text)
                    Payload.blank(place, of: &bytes)
                }
            }
            let items = notes.items.map { redacted($0, quoting: secrets) }
            return ApplicationNotes(items: items, recognition: redacted(notes.recognition))
        }
    }

    /// What is worth a finding about messages quotes them.
    mutating func redacted(_ violation: Violation, of connection: Int, _ scope: Redaction.Scope) -> Violation {
        begin(connection)
        switch scope {
        case .secrets: return redactor.violation(violation)
        case .payloads:
            return Violation(violation.id, by: violation.sender, violation.id.meaning, violation.evidence)
        }
    }

    /// A path and its query may hold a secret.
    private mutating func redacted(_ recognition: Recognition?) -> Recognition? {
        guard var recognition else { return nil }
        switch recognition.evidence {
        case .path(let path): recognition.evidence = .path(redactor.text(path))
        case .subprotocol(let name): recognition.evidence = .subprotocol(redactor.text(name))
        case .message, .choice: break
        }
        return recognition
    }

    /// What was left open quotes messages.
    mutating func redacted(
        _ known: ConnectionApplication, of connection: Int, _ scope: Redaction.Scope
    ) -> ConnectionApplication {
        begin(connection)
        let requests = known.openRequests.map { request in
            var request = request
            switch scope {
            case .payloads: (request.name, request.id) = (nil, "")
            case .secrets:
                request.name = request.name.map { redactor.text($0) }
                request.id = redactor.text(request.id)
            }
            return request
        }
        return ConnectionApplication(recognition: redacted(known.recognition), openRequests: requests)
    }

    private mutating func begin(_ connection: Int) {
        guard connection != self.connection else { return }
        (redactor, self.connection) = (Redactor(), connection)
    }

    private mutating func redacted(_ item: ApplicationItem, quoting secrets: [String]) -> ApplicationItem {
        var item = item
        item.kind = text(item.kind, secrets)
        item.name = item.name.map { text($0, secrets) }
        item.id = item.id.map { text($0, secrets) }
        item.summary = text(item.summary, secrets)
        item.fields = item.fields.map { field in
            ApplicationItem.Field(name: field.name, value: text(field.value, secrets))
        }
        if let error = item.error {
            item.error = ApplicationItem.Failure(
                code: error.code.map { text($0, secrets) }, text: error.text.map { text($0, secrets) })
        }
        return item
    }

    private mutating func text(_ text: String, _ secrets: [String]) -> String {
        secrets.reduce(redactor.text(text)) { text, secret in
            let whole = text.replacing(secret, with: Redactor.mark)
            // An excerpt may end within it.
            guard let end = whole.firstIndex(of: "…") else { return whole }
            let known = whole[..<end]
            let lengths = 1...max(1, min(secret.count, known.count))
            guard let length = lengths.last(where: { known.hasSuffix(secret.prefix($0)) }) else { return whole }
            return known.dropLast(length) + Redactor.mark + whole[end...]
        }
    }
}

extension ApplicationItem {
    /// Only what is no text of the message.
    fileprivate var withoutTexts: ApplicationItem {
        var item = self
        (item.name, item.id, item.summary, item.fields, item.malformed) = (nil, nil, "", [], nil)
        (item.secrets, item.isHeartbeat) = ([], false)
        if item.error != nil { item.error = Failure() }
        return item
    }
}

extension Range<Int> {
    fileprivate func shifted(by distance: Int) -> Range<Int> { lowerBound + distance..<upperBound + distance }
}
