import TapCore
import TapTransport

extension RecordingSink {
    /// Follows segments, a millisecond apart unless `times` says otherwise, and lets the capture end.
    package init(
        following segments: [ScriptedSegment], limits: StreamLimits = StreamLimits(), times: [Int64]? = nil,
        interest: Int = .max, isFinished: Bool = true
    ) {
        self.init()
        self.interest = interest
        var table = FlowTable(limits: limits)
        var clock = SilenceClock(limits)
        var last = PacketHeader.numbered(0)
        for (index, segment) in segments.enumerated() {
            last = .numbered(index + 1, nanoseconds: times?[index] ?? Int64(index) * 1_000_000)
            let captured = Array(segment.payload.prefix(segment.capturedLength))
            if clock.isDue(at: last.timestamp) { table.closeSilent(in: last, to: &self) }
            table.receive(segment.tcpSegment, captured.span.bytes, in: last, to: &self)
        }
        if isFinished { table.finish(in: last, to: &self) }
    }
}

extension RecordingSink {
    /// Follows the same segments as packets, whose headers count too.
    package init(packetsOf segments: [ScriptedSegment]) {
        self.init()
        var table = FlowTable(limits: StreamLimits())
        var clock = SilenceClock(StreamLimits())
        var last = PacketHeader.numbered(0)
        for packet in segments.packets(from: 0) {
            last = packet.header
            guard case .tcp(let segment) = packet.content else { continue }
            if clock.isDue(at: last.timestamp) { table.closeSilent(in: last, to: &self) }
            table.receive(segment, packet.bytes.span.bytes, in: last, to: &self)
        }
        table.finish(in: last, to: &self)
    }
}

extension PacketHeader {
    package static func numbered(_ number: Int, nanoseconds: Int64 = 0) -> PacketHeader {
        PacketHeader(
            number: PacketNumber(UInt64(number)), timestamp: Timestamp(nanoseconds: nanoseconds),
            linkType: .ethernet, originalLength: 0)
    }
}
