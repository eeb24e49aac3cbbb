import TapCore

/// What is known of the packets with one identity: the one that is being put together, and the one before it.
///
/// A sender may use an identification again as soon as it likes (RFC 791 §3.2: with a packet that is whole its reassembly is
/// over), and a capture may hold each fragment twice. So what is not the same as a fragment of the packet before belongs to a
/// new one; what is the same belongs to a new one only where that lacks it, and fits.
struct FragmentEntry {
    private struct Former {
        let marks: FragmentCopies
        let time: Timestamp
    }

    /// A fragment like one of the packet before.
    private struct Copy {
        let fragment: IPFragment
        let bytes: [UInt8]
        let mark: FragmentCopies.Mark
        let packet: PacketNumber
    }

    /// Which of those that had this identity it is.
    var serial: UInt64
    private var packet: PartialPacket?
    private var marks = FragmentCopies()
    private var former: Former?
    private var copies: [Copy] = []
    /// How many times it was tried whether copies fit.
    private var trials = 0

    private static let trialLimit = 8

    init(serial: UInt64) { self.serial = serial }

    /// Whether fragments have come that are no whole packet.
    var isPartial: Bool { packet != nil }

    /// Bytes held of an incomplete packet.
    var heldBytes: Int { copies.reduce(packet?.heldBytes ?? 0) { $0 + $1.bytes.count } }

    /// When the packet before was whole.
    var completion: Timestamp? { former?.time }

    /// The packet before is not known any more.
    mutating func forgetFormer() { (former, copies) = (nil, []) }

    /// Takes what is held out, so that it is changed in place.
    mutating func take() -> FragmentEntry {
        let all = self
        (packet, copies) = (nil, [])
        return all
    }

    /// Takes in one fragment; answers the whole packet where nothing of it is missing any more.
    mutating func receive(
        _ fragment: IPFragment, _ captured: RawSpan, in header: PacketHeader, seed: UInt64
    ) -> ReassembledPacket? {
        let mark = FragmentCopies.Mark(fragment, captured, seed: seed)
        if let former, former.marks.isFull || former.marks.contains(mark) {
            keep(Copy(fragment: fragment, bytes: [UInt8](captured), mark: mark, packet: header.number), of: former)
            return finished(withCopies(), at: header.timestamp)
        }
        marks.note(mark)
        var partial = packet.take() ?? PartialPacket()
        let whole = partial.receive(fragment, captured, in: header.number)
        packet = partial
        return finished(whole ?? withCopies(), at: header.timestamp)
    }

    private mutating func finished(_ whole: ReassembledPacket?, at time: Timestamp) -> ReassembledPacket? {
        guard whole != nil else { return nil }
        for copy in copies { marks.note(copy.mark) }
        former = Former(marks: marks, time: time)
        (packet, marks, copies, trials) = (nil, FragmentCopies(), [], 0)
        return whole
    }

    private mutating func keep(_ copy: Copy, of former: Former) {
        guard !former.marks.isFull, !copies.contains(where: { $0.mark == copy.mark }) else { return }
        copies.append(copy)
        // All of them are a copy of the whole packet.
        if packet == nil, copies.count == former.marks.count { copies = [] }
    }

    /// The whole packet, where what the new one lacks are copies of the former one's fragments.
    private mutating func withCopies() -> ReassembledPacket? {
        guard !copies.isEmpty, var filled = packet, trials < FragmentEntry.trialLimit else { return nil }
        let missing = copies.filter { filled.lacks($0.fragment) }
        let end = missing.filter(\.fragment.isLast).map { Int($0.fragment.offset) + $0.fragment.payloadLength }.max()
        guard let length = filled.length ?? end,
            filled.unitCount * 8 + missing.reduce(0, { $0 + $1.fragment.payloadLength }) >= length
        else { return nil }
        trials += 1
        for copy in missing {
            if let whole = filled.receive(copy.fragment, copy.bytes.span.bytes, in: copy.packet) {
                return whole.isIntact == false ? nil : whole
            }
        }
        return nil
    }
}
