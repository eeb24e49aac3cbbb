import TapAnalysis
import TapWebSocket

extension Handshake {
    /// What was agreed on where that is permessage-deflate and nothing else: `deflate`, or `deflate 15/12` with the window bits of
    /// client and server where one is limited.
    var compression: String? {
        guard isAgreed, let response else { return nil }
        let list = ExtensionList(response.fields)
        guard list.malformed.isEmpty, list.elements.count == 1, let element = list.deflate.first else { return nil }
        let (parameters, faults) = DeflateParameters.parse(element, isOffer: false)
        guard faults.isEmpty else { return nil }
        var words = ["deflate"]
        let bits = (parameters.clientMaxWindowBits, parameters.serverMaxWindowBits)
        if bits != (nil, nil) { words.append("\(bits.0 ?? 15)/\(bits.1 ?? 15)") }
        switch (parameters.clientNoContextTakeover, parameters.serverNoContextTakeover) {
        case (false, false): break
        case (true, true): words.append("no_context_takeover")
        case (true, false): words.append("client_no_context_takeover")
        case (false, true): words.append("server_no_context_takeover")
        }
        return words.joined(separator: " ")
    }
}
