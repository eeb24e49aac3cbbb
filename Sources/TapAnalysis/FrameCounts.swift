import TapWebSocket

/// Counts the usual frames of one peer, in as little room as they mostly need.
struct FrameCounts {
    private var payloadBytes: UInt32 = 0
    private var text: UInt32 = 0
    private var binary: UInt32 = 0
    private var ping: UInt16 = 0
    private var pong: UInt16 = 0
    private var close: UInt8 = 0

    /// Whether there is room for the payload of another frame.
    @inline(__always)
    func hasRoom(forPayloadBytes bytes: UInt64) -> Bool { bytes <= UInt64(UInt32.max - payloadBytes) }

    /// Counts a frame for whose payload there is room; answers whether there is room for another frame of its kind.
    @inline(__always)
    mutating func count(_ opcode: Opcode, payloadBytes bytes: UInt64) -> Bool {
        payloadBytes += UInt32(bytes)
        switch opcode {
        case .text: return FrameCounts.countOne(in: &text)
        case .binary: return FrameCounts.countOne(in: &binary)
        case .ping: return FrameCounts.countOne(in: &ping)
        case .pong: return FrameCounts.countOne(in: &pong)
        case .close: return FrameCounts.countOne(in: &close)
        default: return true
        }
    }

    @inline(__always)
    private static func countOne(in count: inout some FixedWidthInteger) -> Bool {
        count += 1
        return count < .max
    }

    /// Adds what was counted to larger counts, those of frames and messages excepted.
    func add(to statistics: inout DirectionStatistics) {
        statistics.payloadBytes += UInt64(payloadBytes)
        statistics.text += UInt64(text)
        statistics.binary += UInt64(binary)
        statistics.ping += UInt64(ping)
        statistics.pong += UInt64(pong)
        statistics.close += UInt64(close)
    }
}
