import TapHTTP

/// The elements of `Sec-WebSocket-Extensions`, over all its lines. RFC 6455 §9.1.
public struct ExtensionList: Equatable, Sendable {
    /// Those that keep to the grammar, in their order.
    public let elements: [ExtensionElement]
    /// Those that do not.
    public let malformed: [String]

    public init(_ fields: HTTPFields) {
        var elements: [ExtensionElement] = []
        var malformed: [String] = []
        for text in fields.list(.webSocketExtensions) {
            if let element = ExtensionElement(parsing: text) {
                elements.append(element)
            } else {
                malformed.append(text)
            }
        }
        self.elements = elements
        self.malformed = malformed
    }

    public var names: [String] { elements.map(\.name) }

    /// The elements that stand for permessage-deflate.
    package var deflate: [ExtensionElement] { elements.filter { $0.name == DeflateParameters.name } }
}
