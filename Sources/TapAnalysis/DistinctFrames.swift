import TapCore
import TapWebSocket

/// Remembers the frames of a chain, since one that is the same as an earlier one proves nothing more.
struct DistinctFrames {
    private struct Known {
        let fingerprint: UInt64
        /// What it has added to the weight of its chain.
        var weight: Int
    }

    private var known: [Known] = []
    private var fingerprint: UInt64 = 0
    private var last: Int?
    private var room = 0

    /// A chain is certain long before it has so many.
    private static let mostKnown = 64
    /// Bytes of a payload that are looked at.
    private static let mostOfPayload = 1_024

    mutating func begin(_ header: FrameHeader, _ firstByte: UInt8) {
        fingerprint = 0xCBF2_9CE4_8422_2325
        mix(UInt64(firstByte))
        mix(UInt64(header.maskingKey))
        mix(header.payloadLength)
        room = DistinctFrames.mostOfPayload
    }

    mutating func receive(_ payload: RawSpan) {
        let looked = payload.upTo(room)
        room -= looked.byteCount
        for index in 0..<looked.byteCount { mix(UInt64(looked.uint8(at: index))) }
    }

    /// The frame is whole; answers what it weighed before where it is known, which counts no more.
    mutating func finish(weighing weight: Int) -> Int? {
        last = nil
        if let index = known.firstIndex(where: { $0.fingerprint == fingerprint }) {
            let earlier = known[index].weight
            known[index].weight = min(0, earlier)
            return max(0, earlier)
        }
        guard known.count < DistinctFrames.mostKnown else { return nil }
        last = known.count
        known.append(Known(fingerprint: fingerprint, weight: weight))
        return nil
    }

    /// The last frame turns out to weigh more.
    mutating func addToLast(_ weight: Int) { if let last { known[last].weight += weight } }

    /// FNV-1a, in words.
    private mutating func mix(_ word: UInt64) { fingerprint = (fingerprint ^ word) &* 0x100_0000_01B3 }
}
