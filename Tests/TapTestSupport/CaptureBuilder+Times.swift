/// Packets whose times are counted in ticks of so many nanoseconds.
extension CaptureBuilder {
    package func with(_ change: (inout CaptureBuilder) -> Void) -> CaptureBuilder {
        var copy = self
        change(&copy)
        return copy
    }

    package mutating func record(
        _ packet: PacketRecord, tick: Int64, lengths: (UInt32, UInt32)? = nil, patch: [UInt8] = []
    ) {
        record(
            seconds: UInt32(packet.nanoseconds / 1_000_000_000),
            fraction: UInt32(packet.nanoseconds % 1_000_000_000 / tick), lengths: lengths, patch: patch, as: packet)
    }

    package mutating func enhancedPacket(_ packet: PacketRecord, tick: Int64) {
        enhancedPacket(ticks: UInt64(packet.nanoseconds / tick), as: packet)
    }
}
