import TapAnalysis
import TapBytes
import TapCapture
import TapPackets
import TapStreams

/// Sorts packets by the part of the connections that they belong to. Fragments are for all, and so are those at which it is
/// time to look for connections that have fallen silent.
struct PartSorter: PacketSorting {
    private var clock: SilenceClock

    init(_ options: AnalysisOptions) { clock = SilenceClock(options.streams) }

    mutating func part(of bytes: RawSpan, _ header: PacketHeader) -> Int? {
        clock.isDue(at: header.timestamp) ? nil : PacketDecoder.part(of: bytes, header)
    }
}
