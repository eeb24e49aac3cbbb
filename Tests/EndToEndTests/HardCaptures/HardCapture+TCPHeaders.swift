import TapCore
import TapTestSupport
import TapWebSocket

extension HardCapture {
    /// Headers that are odd or wrong.
    static let tcpHeaders: [HardCapture] =
        [0, 4].map { words in
            let dialogue = Dialogue.whole()
            let packets = dialogue.segments.packets().flatMap { packet -> [CapturedPacket] in
                var damaged = packet
                damaged.bytes[14 + 20 + 12] = UInt8(words << 4)
                return [damaged, packet]
            }
            return HardCapture(
                .tcp, "a copy of packets whose data offset is \(words) words, before the good ones", packets: packets,
                frames: dialogue.frames)
        }
        + [
            mistreated("the urgent flag on all segments (RFC 6093)") {
                $0.map { $0.with { $0.flags.insert(TCPFlags(rawValue: 0x20)) } }
            },
            mistreated("the flags of congestion notification on all segments (RFC 3168)") {
                $0.map { $0.with { $0.flags.insert(TCPFlags(rawValue: 0xC0)) } }
            },
            mistreated("no PSH flag") { $0.map { $0.with { $0.flags.remove(.psh) } } },
            mistreated("the FIN in the segment of the last frame") { segments in
                segments.without(WholePlace.serverFin, WholePlace.serverFin + 1).map { segment in
                    segment.sender == .server && segment.payload == segments[WholePlace.serverClose].payload
                        ? segment.with { $0.flags.insert(.fin) } : segment
                }
            },
        ]
}
