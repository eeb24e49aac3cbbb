import TapCore
import TapTestSupport

/// What `tshark -U` writes of a connection.
extension HardCapture {
    private static let alone = "it takes each piece for itself, so that the rest of a frame looks like further frames"

    static let exported = [
        HardCapture(
            .networks, "what TCP carried, as `tshark -U \"OSI layer 4\"` exports it",
            packets: Dialogue.whole().segments.enveloped(.upperPDU) { number, segment in
                segment.payload.isEmpty ? [] : [Envelope.exported(segment, length: segment.payload.count, number)]
            },
            frames: Dialogue.whole().frames, tsharkDiffers: alone),
        HardCapture(
            .networks, "the same where parts of a message come once more with all of it",
            packets: Dialogue.whole().segments.enveloped(.upperPDU) { number, segment in
                let lengths = [segment.payload.count / 2, segment.payload.count]
                return lengths.filter { $0 > 0 }.map { Envelope.exported(segment, length: $0, number) }
            },
            frames: Dialogue.whole().frames, tsharkDiffers: alone),
        HardCapture(
            .networks, "segments out of IPsec, as `tshark -U \"OSI layer 3\"` exports them",
            packets: Dialogue.whole().segments.enveloped(.upperPDU) { number, segment in
                [Envelope.tag(12, Array("tcp\0".utf8)) + Envelope.addresses(segment) + Envelope.end + segment.tcp]
            },
            frames: Dialogue.whole().frames),
    ]
}

extension Envelope {
    fileprivate static let end: [UInt8] = [0, 0, 0, 0]

    fileprivate static func tag(_ type: UInt16, _ value: [UInt8]) -> [UInt8] {
        bigEndian(type) + bigEndian(UInt16(value.count)) + value
    }

    fileprivate static func addresses(_ segment: ScriptedSegment) -> [UInt8] {
        tag(20, segment.source.address.bytes) + tag(21, segment.destination.address.bytes)
    }

    /// The first bytes of what a segment carried, with where they belong.
    fileprivate static func exported(_ segment: ScriptedSegment, length: Int, _ number: Int) -> [UInt8] {
        let end = segment.sequenceNumber.advanced(by: segment.payload.count)
        let numbers =
            [segment.sequenceNumber, end, segment.acknowledgmentNumber].flatMap { bigEndian($0.rawValue) }
            + [0] + bigEndian(UInt16(segment.flags.rawValue)) + [0, 0]
        let ports = [segment.source.port, segment.destination.port].map { bigEndian(UInt32($0)) }
        return tag(12, Array("http-over-tcp\0\0\0".utf8)) + addresses(segment) + tag(24, bigEndian(2 as UInt32))
            + tag(25, ports[0]) + tag(26, ports[1]) + tag(30, bigEndian(UInt32(number + 1)))
            + tag(34, bigEndian(1 as UInt16) + numbers) + self.end + segment.payload.prefix(length)
    }
}
