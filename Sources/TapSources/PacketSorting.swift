package import TapCore

/// Knows which of several threads a packet is for.
package protocol PacketSorting: Sendable {
    /// The thread, counted from 0; `nil` where the packet is for all of them.
    mutating func part(of bytes: RawSpan, _ header: PacketHeader) -> Int?
}

extension PacketSorting {
    /// Sorts the packets of a batch all at once: a thread that wrote between packets would wait for memory that others have
    /// just read.
    mutating func sort(_ batch: PacketBatch) {
        let packets = batch.view
        batch.changePlaces { places, totals in
            for place in 0..<packets.count {
                let header = packets.header(at: place)
                totals.note(header, capturedLength: packets.length(at: place))
                let taker: Int? = packets.withBytes(at: place) { bytes in part(of: bytes, header) }
                for other in places.indices where taker ?? other == other {
                    places[other].append(UInt32(truncatingIfNeeded: place))
                }
            }
        }
    }
}
