import TapHTTP

/// One element of `Sec-WebSocket-Extensions`: a name and its parameters. RFC 6455 §9.1.
public struct ExtensionElement: Equatable, Sendable {
    public struct Parameter: Equatable, Sendable {
        public let name: String
        /// Without its quotes; absent where the parameter stands alone.
        public let value: String?
    }

    public let name: String
    public let parameters: [Parameter]

    /// Reads one element of the list; `nil` where it breaks the grammar.
    public init?(parsing text: String) {
        var parts: [String] = []
        for part in text.utf8.split(separator: UInt8(ascii: ";"), omittingEmptySubsequences: false) {
            parts.append(HTTPText.trimmed(String(Substring(part))))
        }
        guard let name = parts.first, HTTPText.isToken(name) else { return nil }
        var parameters: [Parameter] = []
        for part in parts.dropFirst() {
            guard let parameter = Parameter(parsing: part) else { return nil }
            parameters.append(parameter)
        }
        self.name = name
        self.parameters = parameters
    }
}

extension ExtensionElement.Parameter {
    /// A quoted value must be a token once its quotes are gone, so it holds neither `;` nor `,`.
    fileprivate init?(parsing text: String) {
        guard let equals = text.utf8.firstIndex(of: UInt8(ascii: "=")) else {
            guard HTTPText.isToken(text) else { return nil }
            self.init(name: text, value: nil)
            return
        }
        let name = HTTPText.trimmed(String(text[..<equals]))
        var value = HTTPText.trimmed(String(text[text.index(after: equals)...]))
        if value.utf8.count >= 2, value.hasPrefix("\""), value.hasSuffix("\"") {
            value = String(value.dropFirst().dropLast())
        }
        guard HTTPText.isToken(name), HTTPText.isToken(value) else { return nil }
        self.init(name: name, value: value)
    }
}
