import TapAnalysis
import TapWebSocket

/// The name of the file that holds one message: numbers and words of our own, nothing that a peer has sent.
public struct PayloadFileName: Sendable {
    private let connection: Int
    private let rest: String
    /// Whether the file does not hold the whole message.
    public let isPart: Bool

    /// - Parameter payload: what is known of the message; the name's ending is guessed from it.
    public init(_ message: Message, _ payload: ArraySlice<UInt8>) {
        connection = message.connection
        let isInflated = message.compression == .none || message.compression == .inflated
        isPart = !message.isWhole || !isInflated || UInt64(payload.count) < message.length
        let number = String(message.number)
        let padded = String(repeating: "0", count: max(0, 4 - number.count)) + number
        let ending = PayloadFileName.ending(of: payload, isText: message.kind == .text, isPart: isPart)
        rest = "\(padded)-\(message.sender.rawValue)-\(message.kind.description)\(isPart ? "-part" : "").\(ending)"
    }

    /// `0007-client-text.json`, as long as there is only one connection.
    public var alone: String { rest }

    /// `2-0007-client-text.json`, with the connection's number in front.
    public var amongOthers: String { "\(connection)-\(rest)" }

    private static func ending(of payload: ArraySlice<UInt8>, isText: Bool, isPart: Bool) -> String {
        guard UTF8Text.validLength(of: payload, isCut: isPart) != nil, isText || !UTF8Text.hasControls(payload) else {
            return "bin"
        }
        if JSONShape.isWhole(payload) { return "json" }
        return isText || !payload.isEmpty ? "txt" : "bin"
    }
}
