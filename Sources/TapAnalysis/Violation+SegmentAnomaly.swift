import TapBytes
import TapPackets
import TapStreams
import TapWebSocket

extension Violation {
    /// What is wrong with a segment, as a finding.
    init(_ anomaly: SegmentAnomaly) {
        switch anomaly {
        case .conflictingOverlap(let overlap):
            self.init(
                .tcpConflictingOverlap,
                "bytes of packet \(overlap.firstPacket.rawValue) come again, and are not the same",
                [
                    Evidence("first_packet", .number(overlap.firstPacket.rawValue)),
                    Evidence("sequence_number", .number(UInt64(overlap.sequenceNumber.rawValue))),
                    Evidence("offset", .number(UInt64(clamping: overlap.offset))),
                    Evidence("first", .text(Hex.string(overlap.first))),
                    Evidence("second", .text(Hex.string(overlap.second))),
                ])
        case .conflictingFragments(let conflict):
            self.init(
                .ipConflictingOverlap,
                "two fragments, in packets \(conflict.firstPacket.rawValue) and \(conflict.secondPacket.rawValue), hold the same part of an IP packet, and not the same bytes",
                [
                    Evidence("first_packet", .number(conflict.firstPacket.rawValue)),
                    Evidence("second_packet", .number(conflict.secondPacket.rawValue)),
                    Evidence("identification", .number(UInt64(conflict.identification))),
                    Evidence("offset", .number(UInt64(clamping: conflict.offset))),
                    Evidence("first", .text(Hex.string(conflict.first))),
                    Evidence("second", .text(Hex.string(conflict.second))),
                ])
        case .corrupt(let segment):
            let (found, computed) = (Violation.hex(segment.found), Violation.hex(segment.computed))
            self.init(
                .tcpChecksumWrong, "the checksum is \(found), and \(computed) would be right",
                [
                    Evidence("found", .text(found)),
                    Evidence("computed", .text(computed)),
                    Evidence("sequence_number", .number(UInt64(segment.sequenceNumber.rawValue))),
                    Evidence("length", .number(UInt64(clamping: segment.length))),
                ])
        }
    }

    /// As Wireshark writes it.
    private static func hex(_ value: UInt16) -> String {
        "0x" + Hex.string([UInt8(value >> 8), UInt8(truncatingIfNeeded: value)])
    }
}
