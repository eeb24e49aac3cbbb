import TapAnalysis
import TapWebSocket

extension CheckedRule {
    /// The rule in a word or two, with what was sent where that is short and worth seeing.
    func label(in handshake: Handshake) -> String {
        switch outcome {
        case .kept: kept(in: handshake)
        case .broken: broken
        case .notChecked: rule.word
        }
    }

    private var broken: String {
        switch rule {
        case .status: found ?? "no answer"
        case .patience: "did not wait"
        case .method, .httpVersion, .host, .extendedConnect, .pseudoFields, .requestUpgrade, .requestConnection, .key,
            .version, .protocolsOffered, .extensionsOffered, .requestForm, .responseUpgrade, .responseConnection,
            .accept, .protocolChosen,
            .extensionsChosen, .responseForm:
            rule.word
        }
    }

    private func kept(in handshake: Handshake) -> String {
        switch rule {
        case .method, .httpVersion: found ?? rule.word
        case .host: "Host \(found ?? "")"
        case .version: "version 13"
        case .status: handshake.status.map { "\($0)" } ?? rule.word
        case .protocolsOffered: list(handshake.request?.fields.list("Sec-WebSocket-Protocol"), "subprotocol")
        case .protocolChosen: list(handshake.response?.fields.list("Sec-WebSocket-Protocol"), "subprotocol")
        case .extensionsOffered: list(handshake.request.map { ExtensionList($0.fields).names }, "extension")
        case .extensionsChosen: list(handshake.response.map { ExtensionList($0.fields).names }, "extension")
        case .extendedConnect, .pseudoFields, .requestUpgrade, .requestConnection, .key, .requestForm, .patience,
            .responseUpgrade,
            .responseConnection, .accept, .responseForm:
            rule.word
        }
    }

    private func list(_ names: [String]?, _ what: String) -> String {
        guard let names, !names.isEmpty else { return "no \(what)" }
        // One offer with several sets of parameters is one extension.
        var seen: Set<String> = []
        let text = names.filter { seen.insert($0).inserted }.joined(separator: ", ")
        return what == "extension" ? text : "\(what) \(text)"
    }
}

extension HandshakeRule {
    /// The shortest name that tells it from the others of the same head.
    var word: String {
        switch self {
        case .method: "method"
        case .httpVersion: "HTTP version"
        case .host: "Host"
        case .extendedConnect: "extended CONNECT"
        case .pseudoFields: "pseudo-fields"
        case .requestUpgrade, .responseUpgrade: "Upgrade"
        case .requestConnection, .responseConnection: "Connection"
        case .key: "key"
        case .version: "version"
        case .protocolsOffered: "subprotocols"
        case .extensionsOffered, .extensionsChosen: "extensions"
        case .requestForm, .responseForm: "form"
        case .patience: "waited"
        case .status: "status"
        case .accept: "accept"
        case .protocolChosen: "subprotocol"
        }
    }
}
