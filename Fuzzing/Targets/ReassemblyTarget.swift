import TapCore
import TapTestSupport
import TapTransport

/// TCP: what the flow table passes on is what came first of each byte, in order, within its limits and its contract.
///
/// The input is a list of segments, seven bytes or more each: flags with the flow, how its numbers are meant, its lengths
/// and the time since the one before.
enum ReassemblyTarget {
    private static func limits(_ kind: UInt8) -> StreamLimits {
        var limits = StreamLimits()
        guard kind & 1 != 0 else { return limits }
        limits.flows = 2
        limits.heldBytesPerDirection = 600
        limits.heldBytes = 1_000
        limits.patienceTime = Int64(kind >> 4) * 100_000_000
        limits.idleTime = 10_000_000_000
        limits.lingerTime = 1_000_000_000
        return limits
    }

    static func run(_ bytes: [UInt8]) {
        var input = FuzzInput(bytes)
        let kind = input.byte()
        let limits = limits(kind)
        var table = FlowTable(limits: limits)
        var clock = SilenceClock(limits)
        var oracle = StreamOracle()
        oracle.recording.interest = kind & 2 != 0 ? 500 : .max
        var script = SegmentScript()
        var packet = PacketHeader.numbered(0)
        while !input.isEmpty {
            let segment = script.next(from: &input, after: &packet)
            let captured = (0..<segment.payload.count).map { offset in
                StreamOracle.byte(at: segment.payloadStart.advanced(by: offset), in: packet.number.rawValue)
            }
            oracle.expect(segment, in: packet)
            if clock.isDue(at: packet.timestamp) { table.closeSilent(in: packet, to: &oracle) }
            table.receive(segment, captured.span.bytes, in: packet, to: &oracle)
            Property.hold(table.budget.used <= limits.heldBytes, "held bytes stay in their limit")
        }
        table.finish(in: packet, to: &oracle)
        Property.hold(oracle.recording.breaches.isEmpty, "\(oracle.recording.breaches)")
        Property.hold(oracle.recording.flows.allSatisfy { $0.end != nil }, "each flow is closed")
        Property.hold(table.budget.used == 0, "nothing is held in the end")
    }
}
