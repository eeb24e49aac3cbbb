/// The parameters of one permessage-deflate element, in an offer or in a response. RFC 7692 §7.1.
public struct DeflateParameters: Equatable, Sendable {
    public static let name = "permessage-deflate"

    public var serverNoContextTakeover = false
    public var clientNoContextTakeover = false
    /// 8 to 15, the base-2 logarithm of the window that the server may use.
    public var serverMaxWindowBits: Int?
    /// The same of the client's window.
    public var clientMaxWindowBits: Int?
    /// Whether an offer names `client_max_window_bits`, with a value or without.
    public var allowsClientWindowLimit = false

    public init() {}

    /// Reads the parameters of an element as far as they are valid, and says what is wrong with the others.
    package static func parse(_ element: ExtensionElement, isOffer: Bool) -> (DeflateParameters, faults: [String]) {
        var parameters = DeflateParameters()
        var faults: [String] = []
        var seen: Set<String> = []
        for parameter in element.parameters {
            guard seen.insert(parameter.name).inserted else {
                faults.append("\(parameter.name) is there twice")
                continue
            }
            if let fault = parameters.take(parameter, isOffer: isOffer) { faults.append(fault) }
        }
        return (parameters, faults)
    }

    /// Takes one parameter, or says what is wrong with it.
    private mutating func take(_ parameter: ExtensionElement.Parameter, isOffer: Bool) -> String? {
        let name = parameter.name
        let bits = parameter.value.flatMap(DeflateParameters.windowBits)
        switch (name, parameter.value) {
        case ("server_no_context_takeover", nil): serverNoContextTakeover = true
        case ("client_no_context_takeover", nil): clientNoContextTakeover = true
        case ("server_no_context_takeover", _?), ("client_no_context_takeover", _?): return "\(name) has a value"
        case ("client_max_window_bits", nil) where isOffer: allowsClientWindowLimit = true
        case ("client_max_window_bits", nil), ("server_max_window_bits", nil): return "\(name) has no value"
        case ("client_max_window_bits", let value?):
            guard let bits else { return "\(name) is “\(value)”, not a number from 8 to 15" }
            clientMaxWindowBits = bits
            allowsClientWindowLimit = true
        case ("server_max_window_bits", let value?):
            guard let bits else { return "\(name) is “\(value)”, not a number from 8 to 15" }
            serverMaxWindowBits = bits
        case (_, _): return "\(name) is no parameter of \(DeflateParameters.name)"
        }
        return nil
    }

    /// A decimal integer from 8 to 15 without leading zeros.
    private static func windowBits(_ text: String) -> Int? {
        guard !text.hasPrefix("0"), text.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let bits = Int(text),
            (8...15).contains(bits)
        else { return nil }
        return bits
    }
}

extension DeflateParameters {
    /// Whether a peer begins each message with an empty window.
    package func resetsContext(of sender: Sender) -> Bool {
        sender == .client ? clientNoContextTakeover : serverNoContextTakeover
    }

    /// Why this response does not answer an offer; empty where it does. RFC 7692 §7.1.
    package func faults(answering offer: DeflateParameters) -> [String] {
        var faults: [String] = []
        if offer.serverNoContextTakeover, !serverNoContextTakeover {
            faults.append("the client asked for server_no_context_takeover, and the server does not confirm it")
        }
        if let asked = offer.serverMaxWindowBits, (serverMaxWindowBits ?? 15) > asked {
            let given = serverMaxWindowBits.map { "answers \($0)" } ?? "does not confirm it"
            faults.append("the client asked for server_max_window_bits=\(asked), and the server \(given)")
        }
        guard let clientMaxWindowBits else { return faults }
        if !offer.allowsClientWindowLimit {
            faults.append("the server answers client_max_window_bits, which the client did not offer")
        } else if let offered = offer.clientMaxWindowBits, clientMaxWindowBits > offered {
            faults.append(
                "the client offered client_max_window_bits=\(offered), the server answers \(clientMaxWindowBits)")
        }
        return faults
    }
}
