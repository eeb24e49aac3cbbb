import TapAnalysis
import TapCore
import TapWebSocket

/// A message, as much of it as is needed to find it in another capture and to say what became of it.
struct ComparedMessage: Sendable {
    /// What a payload looks like on the wire, apart from what it says.
    struct Form: Equatable, Sendable {
        var frames = 0
        /// Of the frames' lengths.
        var cuts: UInt64 = 0
        var isCompressed = false
        var wireLength: UInt64 = 0
        /// Of the bytes on the wire, unmasked.
        var bytes = ContentHash()
        var masks: UInt64 = 0
    }

    /// Characters that are kept to name it.
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

/// Tells contents apart; where they are cut makes no difference.
struct ContentHash: Equatable, Sendable {
    private var state: UInt64 = 0xCBF2_9CE4_8422_2325

    var value: UInt64 { FlowKey.mix(state, 0x9E37_79B9_7F4A_7C15) }

    mutating func add(_ bytes: ArraySlice<UInt8>) {
        for byte in bytes { state = (state ^ UInt64(byte)) &* 0x100_0000_01B3 }
    }
}
