import TapWebSocket

/// What one peer of a connection sends; a connection is named by its client's port.
struct SendingPeer: Hashable, CustomStringConvertible {
    let port: UInt16
    let sender: Sender

    var description: String { "\(sender.rawValue) of \(port)" }
}

/// A frame without its place in the capture.
struct FrameFacts: Equatable, CustomStringConvertible {
    let opcode: Opcode
    let isFinal: Bool
    let reservedBits: UInt8
    let isMasked: Bool
    let length: UInt64
    /// Unmasked; of a frame that is not whole, its captured beginning.
    let payload: [UInt8]
    let isWhole: Bool

    /// Whether it may be what the capture holds of a frame that was sent.
    func isPart(of sent: FrameFacts) -> Bool {
        if isWhole { return self == sent }
        return opcode == sent.opcode && isFinal == sent.isFinal && reservedBits == sent.reservedBits
            && isMasked == sent.isMasked && length == sent.length && sent.payload.starts(with: payload)
    }

    var description: String {
        "\(isWhole ? "" : "part of ")\(opcode)\(isFinal ? "" : "…") rsv \(reservedBits) of \(length) bytes \(payload.prefix(8))"
    }
}

/// A message without its place in the capture.
struct MessageFacts: Equatable, CustomStringConvertible {
    let kind: Opcode
    /// Inflated, where the frames are compressed.
    let payload: [UInt8]

    var description: String { "\(kind) message of \(payload.count) bytes \(payload.prefix(8))" }
}

/// A finding without its place in the capture.
struct FindingFacts: Hashable, Comparable, CustomStringConvertible {
    let port: UInt16
    let id: FindingID
    let sender: Sender?

    /// Whether it says that a peer did wrong, rather than what the capture lacks.
    var isAccusation: Bool { id.severity != .note && !id.rawValue.hasPrefix("capture-") }

    var description: String { "\(port) \(id.rawValue) \(sender?.rawValue ?? "-")" }

    static func < (left: FindingFacts, right: FindingFacts) -> Bool { left.description < right.description }
}
