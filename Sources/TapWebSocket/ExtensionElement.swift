/// One element of `Sec-WebSocket-Extensions`: a name and its parameters. RFC 6455 §9.1.
public struct ExtensionElement: Equatable, Sendable {
    public struct Parameter: Equatable, Sendable {
        public let name: String
        /// Without its quotes and backslashes; absent where the parameter stands alone.
        public let value: String?
    }

    public let name: String
    public let parameters: [Parameter]

    /// Reads one element of the list; `nil` where it breaks the grammar.
    public init?(parsing text: String) {
        var scanner = ExtensionScanner(text)
        guard let name = scanner.token() else { return nil }
        var parameters: [Parameter] = []
        while !scanner.isAtEnd {
            guard scanner.take(UInt8(ascii: ";")), let parameter = Parameter(from: &scanner) else { return nil }
            parameters.append(parameter)
        }
        self.name = name
        self.parameters = parameters
    }
}

extension ExtensionElement.Parameter {
    fileprivate init?(from scanner: inout ExtensionScanner) {
        guard let name = scanner.token() else { return nil }
        guard scanner.take(UInt8(ascii: "=")) else {
            self.init(name: name, value: nil)
            return
        }
        guard let value = scanner.value() else { return nil }
        self.init(name: name, value: value)
    }
}
