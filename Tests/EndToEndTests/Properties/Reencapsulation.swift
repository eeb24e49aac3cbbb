import TapCore
import TapTestSupport

/// One of the ways in which the same segments may travel and be captured.
struct Reencapsulation {
    private let framing: LinkFraming
    private let tunneling: Tunneling?
    /// Units of eight bytes in each fragment.
    private let fragmentUnits: Int?
    private let vlans: [UInt16]

    init(_ generator: inout SeededGenerator) {
        framing = LinkFraming.allCases.randomElement(using: &generator) ?? .ethernet
        tunneling = generator.oneIn(2) ? Tunneling.allCases.randomElement(using: &generator) : nil
        fragmentUnits = generator.oneIn(3) ? Int.random(in: 1...90, using: &generator) : nil
        vlans = generator.oneIn(3) ? [UInt16.random(in: 1...4_094, using: &generator)] : []
    }

    func packets(_ segments: [ScriptedSegment]) -> [CapturedPacket] {
        guard tunneling != nil || fragmentUnits != nil || !vlans.isEmpty else {
            let fits = segments.allSatisfy { $0.payload.count <= framing.longestPayload }
            return segments.packets(fits ? framing : .ethernet)
        }
        return segments.enveloped { index, segment in
            let pieces = fragmentUnits.map { segment.fragments(of: $0, number: index) } ?? [segment.ip]
            return pieces.map { ip in
                let outer = tunneling.map { Envelope.tunnel($0, ip, isReply: segment.sender == .server) } ?? ip
                return Envelope.ethernet(outer, vlans: vlans)
            }
        }
    }
}
