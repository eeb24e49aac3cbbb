import TapTestSupport

/// Small files of each kind, in both byte orders.
enum CaptureSeeds {
    static let all = ordered + [("snoop", snoop)]

    private static let ordered = ByteOrder.allCases.flatMap { order in
        [
            ("pcap-microseconds-\(order)", pcap(0xA1B2_C3D4, order)),
            ("pcap-nanoseconds-\(order)", pcap(0xA1B2_3C4D, order)),
            ("pcap-patched-\(order)", pcap(0xA1B2_CD34, order, extra: 8)),
            ("pcapng-\(order)", pcapng(order)), ("pcapng-annotated-\(order)", annotated(order)),
        ]
    }

    enum ByteOrder: CaseIterable {
        case big, little

        func bytes(_ value: some FixedWidthInteger) -> [UInt8] {
            self == .big ? bigEndian(value) : bigEndian(value).reversed()
        }
    }

    private static let packet: [UInt8] = Array(0x45...0x5A)

    private static let snoop: [UInt8] = {
        let lengths = [packet.count + 40, packet.count, packet.count + 26, 0, 1_700_000_000, 123_456].map { UInt32($0) }
        let record = lengths.flatMap { bigEndian($0) } + packet + [0, 0]
        return Array("snoop\0\0\0".utf8) + [0, 0, 0, 2, 0, 0, 0, 4] + record + record
    }()

    private static func pcap(_ magic: UInt32, _ order: ByteOrder, extra: Int = 0) -> [UInt8] {
        let words: [UInt32] = [0, 0, 65_535, 101]
        let header = order.bytes(magic) + order.bytes(UInt16(2)) + order.bytes(UInt16(4)) + words.flatMap(order.bytes)
        let length = UInt32(packet.count)
        let fields: [UInt32] = [1_700_000_000, 123_456, length, length + 40]
        let record = fields.flatMap(order.bytes) + [UInt8](repeating: 0, count: extra) + packet
        return header + record + record
    }

    private static func pcapng(_ order: ByteOrder) -> [UInt8] {
        let length = order.bytes(UInt32(packet.count))
        let padded = packet + [0, 0]
        let section = order.bytes(UInt32(0x1A2B_3C4D)) + order.bytes(UInt32(1)) + order.bytes(UInt64.max)
        // A resolution of nanoseconds, and an offset of an hour.
        let options =
            order.bytes(UInt16(9)) + order.bytes(UInt16(1)) + [9, 0, 0, 0]
            + order.bytes(UInt16(14)) + order.bytes(UInt16(8)) + order.bytes(UInt64(3_600)) + [0, 0, 0, 0]
        let interface = order.bytes(UInt16(101)) + [0, 0] + order.bytes(UInt32(65_535)) + options
        let enhanced = [UInt32(0), 0x17, 0x4876_E800].flatMap(order.bytes) + length + length + padded
        let obsolete =
            [UInt16(0), 0].flatMap(order.bytes) + [UInt32(0x17), 0x4876_E801].flatMap(order.bytes) + length + length
            + padded
        return [(0x0A0D_0D0A, section), (1, interface), (6, enhanced), (3, length + padded), (2, obsolete), (5, [])]
            .flatMap { block(UInt32($0.0), $0.1, order) }
    }

    /// Names of addresses, and a packet of one process on behalf of another.
    private static func annotated(_ order: ByteOrder) -> [UInt8] {
        let length = order.bytes(UInt32(packet.count))
        let section = order.bytes(UInt32(0x1A2B_3C4D)) + order.bytes(UInt32(1)) + order.bytes(UInt64.max)
        let interface = order.bytes(UInt16(101)) + [0, 0] + order.bytes(UInt32(65_535))
        let long: [UInt8] = [0x20, 1] + [UInt8](repeating: 0, count: 13) + [1]
        let names =
            option(1, [192, 0, 2, 1] + Array("a.test\0b\0".utf8), order)
            + option(2, long + Array("c.test\0".utf8), order) + [0, 0, 0, 0]
        let processes = ["trustd", "Safari"].map { name in
            order.bytes(UInt32(501)) + option(2, Array("\(name)\0".utf8), order) + [0, 0, 0, 0]
        }
        let fields = [UInt32(0), 0x17, 0x4876_E800].flatMap(order.bytes) + length + length + packet + [0, 0]
        let options =
            option(0x8001, order.bytes(UInt32(0)), order) + option(0x8003, order.bytes(UInt32(1)), order) + [
                0, 0, 0, 0,
            ]
        return [
            (0x0A0D_0D0A, section), (1, interface), (4, names), (0x8000_0001, processes[0]),
            (0x8000_0001, processes[1]), (6, fields + options), (6, fields), (4, names),
        ].flatMap { block($0.0, $0.1, order) }
    }

    private static func option(_ code: UInt16, _ value: [UInt8], _ order: ByteOrder) -> [UInt8] {
        order.bytes(code) + order.bytes(UInt16(value.count)) + value + [UInt8](repeating: 0, count: -value.count & 3)
    }

    private static func block(_ type: UInt32, _ body: [UInt8], _ order: ByteOrder) -> [UInt8] {
        let length = order.bytes(UInt32(body.count + 12))
        return order.bytes(type) + length + body + length
    }
}
