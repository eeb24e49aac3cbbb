import TapCore
import TapTestSupport

/// What `tshark -U` writes of a connection.
extension HardCapture {
    static let exported = [
        HardCapture(
            .networks, "segments out of IPsec, as `tshark -U \"OSI layer 3\"` exports them",
            packets: Dialogue.whole().segments.enveloped(.upperPDU) { _, segment in
                [
                    ExportedPieces.tag(12, Array("tcp\0".utf8)) + ExportedPieces.tag(20, segment.source.address.bytes)
                        + ExportedPieces.tag(21, segment.destination.address.bytes) + [0, 0, 0, 0] + segment.tcp
                ]
            },
            frames: Dialogue.whole().frames),
        HardCapture(
            .networks, "what TLS carried, as `tshark -U \"OSI layer 7\"` exports it",
            packets: pieces(of: Dialogue.whole().segments), frames: Dialogue.whole().frames,
            tsharkDiffers: "it shows a frame in several records once more for the first of them"),
    ]

    /// What is longer than a segment may be has its rest in the next.
    private static func pieces(of segments: [ScriptedSegment]) -> [CapturedPacket] {
        var pieces = ExportedPieces()
        for segment in segments where !segment.payload.isEmpty {
            pieces.add(segment.payload, from: segment.sender, isFinished: segment.payload.count < 1_460)
        }
        return pieces.packets
    }
}
