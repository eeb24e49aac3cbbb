import TapAnalysis
import TapCore
import TapWebSocket

/// A message, as much of it as is needed to find it in another capture and to say what became of it.
struct ComparedMessage: Sendable {
    /// What a payload looks like on the wire, apart from what it says.
    struct Form: Equatable, Sendable {
        let frames: Int
        /// Of the frames' lengths.
        let cuts: UInt64
        let isCompressed: Bool
        let wireLength: UInt64
        /// Of the bytes on the wire, unmasked.
        let bytes: UInt64
        let masks: UInt64
    }

    /// Bytes that are kept to name it.
    static let excerptLength = 60

    /// Counted from 1 in the connection.
    let number: Int
    let kind: Opcode
    /// When its last byte was captured, and in which packet.
    let time: Timestamp
    let packet: PacketNumber
    /// Of what it says, inflated.
    let length: UInt64
    let hash: UInt64
    let form: Form
    let excerpt: [UInt8]

    /// Whether both say the same.
    func isSame(as other: ComparedMessage) -> Bool {
        hash == other.hash && length == other.length && kind == other.kind
    }
}
