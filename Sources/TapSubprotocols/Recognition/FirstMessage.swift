import TapCore
import TapWebSocket

/// A message of a connection whose protocol is not known yet.
struct FirstMessage {
    let bytes: [UInt8]
    let number: Int
    let sender: Sender
    let isText: Bool
    let context: ApplicationContext
    /// The JSON object or array that the message is, if it is one.
    let json: JSONValue?

    init(_ bytes: [UInt8], _ message: ApplicationMessage, _ context: ApplicationContext) {
        self.bytes = bytes
        number = message.number
        sender = message.sender
        isText = message.isText
        self.context = context
        var spare: JSONDocument?
        json = FirstMessage.container(in: bytes, isText: message.isText, reusing: &spare)
    }

    /// Of text it is known that it is UTF-8; some send JSON in binary messages.
    static func container(in bytes: [UInt8], isText: Bool, reusing spare: inout JSONDocument?) -> JSONValue? {
        guard let first = bytes.first(where: { $0 > 0x20 }), first == UInt8(ascii: "{") || first == UInt8(ascii: "["),
            isText || String(validating: bytes, as: UTF8.self) != nil
        else { return nil }
        return try? JSONDocument.read(bytes[...], reusing: &spare)
    }
}
