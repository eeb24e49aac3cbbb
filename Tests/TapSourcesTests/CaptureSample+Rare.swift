import TapTestSupport

/// What few writers do and the formats allow.
extension CaptureSample {
    static let rare = snoop + ordered

    private static let snoop = [
        CaptureSample(
            "snoop",
            .snoop().with { file in
                file.snoopRecord(PacketRecord(1_000_001_000, [1, 2, 3]))
                file.snoopRecord(PacketRecord(2_000_000_000, originalLength: 1_000, [4, 5, 6, 7]), padding: 8)
                file.snoopRecord(PacketRecord(2_000_000_000, []))
            }, isKnownToLibpcap: false),
        CaptureSample(
            "snoop on a token ring",
            .snoop(dataLink: 2).with { $0.snoopRecord(PacketRecord(1_000_001_000, linkType: 6, [1, 2, 3])) },
            isKnownToLibpcap: false),
    ]

    private static let ordered = CaptureBuilder.Order.allCases.flatMap { order in
        [
            CaptureSample(
                "pcap whose version numbers alone are swapped, \(order) endian",
                .pcap(order, version: (0x0200, 0x0400)).with { file in
                    file.record(PacketRecord(1_000_000_000, [1, 2, 3]), tick: 1_000)
                }, isKnownToLibpcap: false),
            CaptureSample(
                "pcap with the snapshot length 0, \(order) endian",
                .pcap(order, snapLength: 0).with { file in
                    file.record(PacketRecord(1_000_000_000, [1, 2, 3]), tick: 1_000)
                }),
            CaptureSample(
                "pcap with a packet above every snapshot length in use, \(order) endian",
                .pcap(order).with { file in
                    file.record(PacketRecord(0, [UInt8](repeating: 7, count: 300_000)), tick: 1_000)
                    file.record(PacketRecord(1_000_000_000, [1, 2, 3]), tick: 1_000)
                }, isKnownToLibpcap: false),
            CaptureSample(
                "pcapng with sections of a given length, right or not, \(order) endian",
                .init(order).with { file in
                    for length: UInt64 in [56, 0, 12, 1 << 40] {
                        file.section(order, length: length)
                        file.interface()
                        file.enhancedPacket(PacketRecord(1_000_000_000, [1, 2, 3]), tick: 1_000)
                    }
                }),
            CaptureSample(
                "pcapng with blocks that hold no packet, \(order) endian",
                .pcapng(order).with { file in
                    file.interface()
                    // Name resolution, statistics, systemd journal, decryption secrets, custom to copy or not.
                    for type: UInt32 in [4, 5, 9, 10, 0xBAD, 0x4000_0BAD] {
                        file.block(type) { $0.append([UInt8](repeating: 0xFF, count: 24)) }
                        file.enhancedPacket(PacketRecord(Int64(type) * 1_000, [1, 2, 3]), tick: 1_000)
                    }
                }),
        ]
    }
}
