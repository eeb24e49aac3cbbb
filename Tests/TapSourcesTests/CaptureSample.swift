import TapTestSupport
import Testing

/// A capture file of one kind, with the packets that are in it.
struct CaptureSample: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let file: CaptureBuilder
    /// libpcap knows less of pcapng than there is, and takes times of 32 bits for signed ones.
    let isKnownToLibpcap: Bool

    init(_ name: String, _ file: CaptureBuilder, isKnownToLibpcap: Bool = true) {
        testDescription = name
        self.file = file
        self.isKnownToLibpcap = isKnownToLibpcap
    }

    static let all = classic + sections + interfaces + blocks + rare

    private static let classic = CaptureBuilder.Order.allCases.flatMap { order in
        [
            CaptureSample(
                "pcap with microseconds, \(order) endian",
                .pcap(order).with { file in
                    for packet in packets(tick: 1_000) { file.record(packet, tick: 1_000) }
                }),
            CaptureSample(
                "pcap with nanoseconds, \(order) endian",
                .pcap(order, magic: 0xA1B2_3C4D).with { file in
                    for packet in packets(tick: 1) { file.record(packet, tick: 1) }
                }),
            CaptureSample(
                "pcap of a patched libpcap, \(order) endian",
                .pcap(order, magic: 0xA1B2_CD34).with { file in
                    for packet in packets(tick: 1_000) {
                        file.record(packet, tick: 1_000, patch: [1, 2, 3, 4, 5, 6, 7, 8])
                    }
                }),
            CaptureSample(
                "pcap before version 2.3 states the original length first, \(order) endian",
                .pcap(order, version: (2, 2)).with { file in
                    for packet in packets(tick: 1_000) {
                        file.record(
                            packet, tick: 1_000, lengths: (UInt32(packet.originalLength), UInt32(packet.bytes.count)))
                    }
                }),
            CaptureSample(
                "pcap of version 2.3 states the lengths in either order, \(order) endian",
                .pcap(order, version: (2, 3)).with { file in
                    for packet in packets(tick: 1_000) {
                        file.record(
                            packet, tick: 1_000, lengths: (UInt32(packet.originalLength), UInt32(packet.bytes.count)))
                        file.record(packet, tick: 1_000)
                    }
                }),
            CaptureSample(
                "pcap with a packet longer than its snapshot length, \(order) endian",
                .pcap(order, snapLength: 4).with { file in
                    for packet in packets(tick: 1_000) { file.record(packet, tick: 1_000) }
                }, isKnownToLibpcap: false),
            CaptureSample(
                "pcap with frame check sequences noted in its link type, \(order) endian",
                .pcap(order, linkType: 0x2400_0001).with { file in
                    for packet in packets(tick: 1_000) { file.record(packet, tick: 1_000) }
                }),
            CaptureSample(
                "pcap with a captured length above the original one, \(order) endian",
                .pcap(order).with { file in
                    let packet = PacketRecord(1_000_000_000, [1, 2, 3, 4])
                    file.record(seconds: 1, fraction: 0, lengths: (4, 2), as: packet)
                }, isKnownToLibpcap: false),
            CaptureSample(
                "pcap with raw IP by its old number, \(order) endian",
                .pcap(order, linkType: 12).with { file in
                    file.record(PacketRecord(1_000_000_000, linkType: 101, [0x45, 0]), tick: 1_000)
                }),
            CaptureSample("pcap without packets, \(order) endian", .pcap(order)),
        ]
    }

    private static let sections = CaptureBuilder.Order.allCases.flatMap { order in
        [
            CaptureSample(
                "pcapng with enhanced packets, \(order) endian",
                .pcapng(order).with { file in
                    file.interface()
                    for packet in packets(tick: 1_000) { file.enhancedPacket(packet, tick: 1_000) }
                }),
            CaptureSample(
                "pcapng with obsolete packets, \(order) endian",
                .pcapng(order).with { file in
                    file.interface()
                    for packet in packets(tick: 1_000) {
                        file.obsoletePacket(ticks: UInt64(packet.nanoseconds / 1_000), as: packet)
                    }
                }),
            CaptureSample(
                "pcapng with simple packets cut at the snapshot length, \(order) endian",
                .pcapng(order).with { file in
                    file.interface(snapLength: 6)
                    file.simplePacket(as: PacketRecord(0, [1, 2, 3, 4, 5]))
                    file.simplePacket(as: PacketRecord(0, originalLength: 99, [1, 2, 3, 4, 5, 6]))
                }),
            CaptureSample(
                "pcapng without packets, \(order) endian", .pcapng(order), isKnownToLibpcap: false),
            CaptureSample(
                "pcapng with sections of both byte orders, \(order) endian first",
                .pcapng(order).with { file in
                    file.interface(resolution: 9)
                    file.enhancedPacket(PacketRecord(1_000_000_001, [1]), tick: 1)
                    file.section(order == .big ? .little : .big, options: [4, 0, 0, 0, 0, 0, 0, 0])
                    file.interface(linkType: 101)
                    file.enhancedPacket(PacketRecord(2_000_000_000, linkType: 101, [2]), tick: 1_000)
                }, isKnownToLibpcap: false),
        ]
    }

    private static let interfaces = [
        CaptureSample(
            "pcapng whose interfaces differ in link type and resolution, one declared late",
            .pcapng().with { file in
                file.interface(linkType: 1, resolution: 9)
                file.interface(linkType: 113, resolution: 3)
                file.enhancedPacket(PacketRecord(1_700_000_000_123_456_789, [1, 2]), tick: 1)
                file.enhancedPacket(
                    interface: 1, ticks: 1_700_000_000_124,
                    as: PacketRecord(1_700_000_000_124_000_000, linkType: 113, [3]))
                file.interface(linkType: 276, resolution: 0x80)
                file.enhancedPacket(
                    interface: 2, ticks: 1_700_000_001,
                    as: PacketRecord(1_700_000_001_000_000_000, linkType: 276, [4]))
            }, isKnownToLibpcap: false),
        CaptureSample(
            "pcapng whose interface counts from another second",
            .pcapng().with { file in
                file.interface(offsetSeconds: 1_000)
                file.enhancedPacket(ticks: 5, as: PacketRecord(1_000_000_005_000, [1]))
            }),
    ]

    private static let blocks = [
        CaptureSample(
            "pcapng with options and blocks of unknown types",
            .pcapng().with { file in
                file.block(0x0BAD) { $0.append([1, 2, 3, 4]) }
                file.interface()
                file.block(5) { $0.append([UInt8](repeating: 7, count: 100_000)) }
                // A comment, and an option that is longer than the block.
                let options: [UInt8] = [1, 0, 2, 0, 0x68, 0x69, 0, 0, 1, 0, 0xFF, 0xFF]
                file.enhancedPacket(ticks: 3, options: options, as: PacketRecord(3_000, [1, 2, 3]))
                file.block(0x8000_0001) { _ in }
            }),
        CaptureSample(
            "pcapng with an interface whose option is longer than its block",
            .pcapng().with { file in
                file.block(1) { $0.append([1, 0, 0, 0, 0, 0, 0, 0, 9, 0, 0xFF, 0xFF, 6, 0, 0, 0]) }
                file.enhancedPacket(ticks: 3, as: PacketRecord(3_000, [1]))
            }, isKnownToLibpcap: false),
    ]

    private static func packets(tick: Int64) -> [PacketRecord] {
        [
            PacketRecord(1_700_000_000_000_000_000 + 123_456 * tick, (0..<60).map { UInt8($0) }),
            PacketRecord(1_700_000_000_000_000_000 + 123_457 * tick, []),
            PacketRecord(1_699_999_999_000_000_000, originalLength: 1_500, [1, 2, 3, 4, 5]),
        ]
    }
}
