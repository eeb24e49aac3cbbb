import TapCore
import TapTestSupport

/// What `tshark -U` writes of a connection.
extension HardCapture {
    static let exported = [
        HardCapture(
            .networks, "segments out of IPsec, as `tshark -U \"OSI layer 3\"` exports them",
            packets: Dialogue.whole().segments.enveloped(.upperPDU) { _, segment in
                [
                    Envelope.tag(12, Array("tcp\0".utf8)) + Envelope.tag(20, segment.source.address.bytes)
                        + Envelope.tag(21, segment.destination.address.bytes) + [0, 0, 0, 0] + segment.tcp
                ]
            },
            frames: Dialogue.whole().frames)
    ]
}

extension Envelope {
    fileprivate static func tag(_ type: UInt16, _ value: [UInt8]) -> [UInt8] {
        bigEndian(type) + bigEndian(UInt16(value.count)) + value
    }
}
