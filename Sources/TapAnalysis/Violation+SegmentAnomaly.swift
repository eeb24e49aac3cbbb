import TapCore
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
        case .ignored(let segment):
            self.init(
                .tcpSegmentIgnored, segment.sentence,
                [
                    Evidence("reason", .text(segment.reason.rawValue)),
                    Evidence("flags", .text(segment.flags.names)),
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

extension IgnoredSegment {
    /// What was not taken, and why.
    fileprivate var sentence: String {
        switch reason {
        case .noAcknowledgment: "\(name) without the ACK flag was not taken"
        case .acknowledgesUnsent: "\(name) was not taken: it acknowledges bytes that were never sent"
        case .outsideWindow: "\(name) \(distance) was not taken: it lies outside the window"
        case .notNext: "\(name) \(distance) was not taken: its sender went on"
        case .otherInitialNumber: "\(name) with another initial sequence number was not taken"
        case .goneOn: "\(name) was not taken: its sender went on"
        case .late:
            "\(Decimal.counted(UInt64(clamping: length), "byte")) came after they were reported as missing: too late to be decoded"
        }
    }

    private var name: String {
        if flags.contains(.rst) { return "a RST" }
        if flags.contains(.syn) { return flags.contains(.ack) ? "a SYN-ACK" : "a SYN" }
        if flags.contains(.fin) { return "a FIN" }
        return length > 0 ? "a segment of \(Decimal.counted(UInt64(clamping: length), "byte"))" : "a segment"
    }

    private var distance: String {
        let bytes = Decimal.counted(UInt64(ahead.magnitude), "byte")
        return ahead < 0 ? "\(bytes) behind the next byte" : "\(bytes) ahead of the next byte"
    }
}

extension TCPFlags {
    /// `RST ACK`, in the order of their bits from the left.
    fileprivate var names: String {
        let all: [(TCPFlags, String)] = [(.ack, "ACK"), (.psh, "PSH"), (.rst, "RST"), (.syn, "SYN"), (.fin, "FIN")]
        return all.filter { contains($0.0) }.map(\.1).joined(separator: " ")
    }
}
