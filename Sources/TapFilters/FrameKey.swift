import TapAnalysis

/// Which frame of which connection.
struct FrameKey: Hashable {
    private let connection: Int
    private let number: Int

    init(_ frame: Frame) {
        connection = frame.connection
        number = frame.number
    }
}
