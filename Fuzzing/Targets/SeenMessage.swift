import TapAnalysis
import TapWebSocket

/// What is observed of a message, wherever segments end.
struct SeenMessage: Equatable {
    private let number: Int
    private let firstFrame: Int
    private let frames: Int
    private let sender: Sender
    private let kind: Opcode
    private let compression: Message.Compression
    private let wireLength: UInt64
    private let length: UInt64
    private let isWhole: Bool
    private let payload: [UInt8]

    init(_ message: Message, of observations: Observations) {
        number = message.number
        firstFrame = message.firstFrame
        frames = message.frames
        sender = message.sender
        kind = message.kind
        compression = message.compression
        wireLength = message.wireLength
        length = message.length
        isWhole = message.isWhole
        payload = Array(observations.payload(of: message))
    }
}
