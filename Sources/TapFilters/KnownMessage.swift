import TapAnalysis

/// Which message of which connection.
struct MessageKey: Hashable {
    private let connection: Int
    private let number: Int

    init(_ message: Message) {
        connection = message.connection
        number = message.number
    }

    /// The message that a frame belongs to; `nil` for control frames.
    init?(_ frame: Frame) {
        guard let message = frame.message else { return nil }
        connection = frame.connection
        number = message
    }
}

/// Which frame of which connection.
struct FrameKey: Hashable {
    private let connection: Int
    private let number: Int

    init(_ frame: Frame) {
        connection = frame.connection
        number = frame.number
    }
}

/// A message that is over, while its frames wait to be looked at.
struct KnownMessage {
    let message: Message
    let payload: ArraySlice<UInt8>
}
