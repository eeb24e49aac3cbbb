import TapAnalysis
import TapCore
import TapSubprotocols

/// What messages say in their protocols, without secrets.
extension Redaction {
    /// Secrets of one message that are looked for in what its items quote; of a message with more, items quote nothing.
    private static let mostQuoted = 64
    /// Pairs of items and secrets; the same.
    private static let mostCompared = 4_096
    /// Shorter ones would be found in innocent words.
    private static let shortestQuoted = 4

    /// - Parameter secrets: what was secret in the message.
    mutating func redacted(_ notes: ApplicationNotes, quoting secrets: [[UInt8]]) -> ApplicationNotes {
        let recognition = redacted(notes.recognition)
        let forms = Set(secrets.flatMap { Redactor.forms(of: String(decoding: $0, as: UTF8.self)) })
        let isMuch = forms.count > Redaction.mostQuoted || forms.count * notes.items.count > Redaction.mostCompared
        guard scope == .secrets, !isMuch else {
            return notes.map(recognition: recognition, \.withoutTexts)
        }
        return notes.map(recognition: recognition) { redacted($0, quoting: forms) }
    }

    /// What was left open quotes messages.
    mutating func redacted(_ known: ConnectionApplication) -> ConnectionApplication {
        let requests = known.openRequests.map { request in
            var request = request
            switch scope {
            case .payloads: (request.name, request.id) = (nil, "")
            case .secrets:
                request.name = request.name.map { redactor.shown($0) }
                request.id = redactor.shown(request.id)
            }
            return request
        }
        return ConnectionApplication(recognition: redacted(known.recognition), openRequests: requests)
    }

    /// A path and its query may hold a secret.
    private mutating func redacted(_ recognition: Recognition?) -> Recognition? {
        guard var recognition else { return nil }
        switch recognition.evidence {
        case .path(let path): recognition.evidence = .path(redactor.shown(path))
        case .subprotocol(let name): recognition.evidence = .subprotocol(redactor.shown(name))
        case .message(let number, let reason):
            recognition.evidence = .message(number: number, redactor.shown(reason))
        case .choice: break
        }
        return recognition
    }

    private mutating func redacted(_ item: ApplicationItem, quoting secrets: Set<String>) -> ApplicationItem {
        var item = item
        item.kind = text(item.kind, secrets)
        item.name = item.name.map { text($0, secrets) }
        item.id = item.id.map { text($0, secrets) }
        item.summary = text(item.summary, secrets)
        item.fields = item.fields.map { field in
            let value = named(field) ? redactor.secret(field.value) : text(field.value, secrets)
            return ApplicationItem.Field(name: text(field.name, secrets), value: value)
        }
        if let error = item.error {
            item.error = ApplicationItem.Failure(
                code: error.code.map { text($0, secrets) }, text: error.text.map { text($0, secrets) })
        }
        return item
    }

    /// Whether a field has the name of a secret.
    private func named(_ field: ApplicationItem.Field) -> Bool {
        switch redactor.names.secrecy(of: field.name.utf8, in: .text) {
        case .none: return false
        case .texts: return !OpenValue.isNumber(Array(field.value.utf8)[...])
        case .scalars, .all: return !OpenValue.isTrivial(Array(field.value.utf8)[...])
        }
    }

    private mutating func text(_ text: String, _ secrets: Set<String>) -> String {
        if secrets.contains(text) { return redactor.secret(text) }
        let shown = redactor.shown(text)
        return secrets.reduce(shown) { text, secret in
            guard secret.utf8.count >= Redaction.shortestQuoted else { return text }
            return Redaction.text(text, without: secret)
        }
    }

    private static func text(_ text: String, without secret: String) -> String {
        let whole = text.contains(secret) ? text.replacing(secret, with: Redactor.mark) : text
        // An excerpt may end within it.
        guard let end = whole.firstIndex(of: "…") else { return whole }
        let known = whole[..<end]
        let lengths = 1...max(1, min(secret.count, known.count))
        guard let length = lengths.last(where: { known.hasSuffix(secret.prefix($0)) }) else { return whole }
        return known.dropLast(length) + Redactor.mark + whole[end...]
    }
}

extension ApplicationItem {
    /// Only what is no text of the message.
    fileprivate var withoutTexts: ApplicationItem {
        var item = self
        if !`protocol`.hasOwnKinds { item.kind = "message" }
        (item.name, item.id, item.summary, item.fields, item.malformed) = (nil, nil, "", [], nil)
        (item.secrets, item.isHeartbeat) = ([], false)
        if item.error != nil { item.error = Failure() }
        return item
    }
}

extension ApplicationProtocol {
    /// Whether the kinds of its items are words of its own; of others they are what the message says.
    fileprivate var hasOwnKinds: Bool {
        switch self {
        case .mqtt, .stomp, .socketIO, .sockJS, .graphQL, .jsonRPC, .ocpp, .signalR, .wamp, .amqp, .kubernetes, .cdp,
            .messagePack, .cbor, .rfb, .protobuf:
            true
        case .xmpp, .sip, .phoenix, .actionCable, .pusher, .jupyter, .vite, .webpack, .json: false
        }
    }
}
