import TapCore
import TapTransport

/// Sorts packets by the part of the connections that they belong to. Fragments are for all, and so are those at which it is
/// time to look for connections that have fallen silent.
package struct PartSorter {
    private var clock: SilenceClock
    private let mayReadQUIC: Bool

    package init(_ options: AnalysisOptions) {
        clock = SilenceClock(options.streams)
        mayReadQUIC = options.tls.mayHaveSecrets
    }

    /// The part that a packet belongs to; `nil` if every part needs it.
    package mutating func part(of bytes: RawSpan, _ header: PacketHeader) -> Int? {
        clock.isDue(at: header.timestamp) ? nil : PacketDecoder.part(of: bytes, header, mayReadQUIC: mayReadQUIC)
    }
}
