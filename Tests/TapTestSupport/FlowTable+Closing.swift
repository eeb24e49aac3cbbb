import TapCore
import TapTransport

/// What the analysis does with its tables, for a single one.
extension FlowTable {
    /// Closes the flows that were silent for too long.
    package mutating func closeSilent(in packet: PacketHeader, to sink: inout some StreamSink) {
        findSilent(at: packet.timestamp)
        while nextDue != nil { closeNextDue(.evicted, in: packet, to: &sink) }
    }

    /// The capture has ended.
    package mutating func finish(in packet: PacketHeader, to sink: inout some StreamSink) {
        findAll()
        while nextDue != nil { closeNextDue(.captureEnd, in: packet, to: &sink) }
    }
}
