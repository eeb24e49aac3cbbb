import TapCore

/// The fragments of which an IP packet was put together, so that copies of them, as captures of several interfaces have them, can
/// be told from fragments of a new packet with the same identification.
struct FragmentCopies {
    /// What tells one fragment from others.
    struct Mark: Equatable {
        let offset: UInt16
        let length: UInt16
        let isLast: Bool
        let digest: UInt64

        init(_ fragment: IPFragment, _ captured: RawSpan, seed: UInt64) {
            offset = fragment.offset
            length = UInt16(clamping: fragment.payloadLength)
            isLast = fragment.isLast
            var digest = FlowKey.mix(
                seed ^ UInt64(fragment.protocolNumber), UInt64(clamping: captured.byteCount) ^ ~seed)
            var place = 0
            while place + 8 <= captured.byteCount {
                digest = FlowKey.mix(digest ^ captured.uint64(at: place), ~seed)
                place += 8
            }
            while place < captured.byteCount {
                digest = FlowKey.mix(digest ^ UInt64(captured.uint8(at: place)), ~seed)
                place += 1
            }
            self.digest = digest
        }
    }

    /// Fragments of one packet that are remembered; no sender cuts a packet into more.
    static let limit = 64

    private var marks: [Mark] = []

    init() {}

    /// Whether more came than are remembered: then nothing is known to be no copy.
    var isFull: Bool { marks.count == FragmentCopies.limit }
    var count: Int { marks.count }

    mutating func note(_ mark: Mark) {
        if !isFull, !marks.contains(mark) { marks.append(mark) }
    }

    func contains(_ mark: Mark) -> Bool { marks.contains(mark) }
}
