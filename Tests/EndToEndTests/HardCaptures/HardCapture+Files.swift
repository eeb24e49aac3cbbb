import TapCore
import TapTestSupport
import TapWebSocket

extension HardCapture {
    static let files = classic + other + annotated + blocks + times + compressed + damaged

    private static let dialogue = Dialogue.whole()
    private static let packets = dialogue.segments.packets()
    private static let records = packets.map(PacketRecord.init)

    private static func whole(
        _ name: String, _ file: CaptureBuilder, findings: [FindingID] = [], tsharkDiffers: String? = nil
    ) -> HardCapture {
        HardCapture(
            .files, name, file: file.bytes, frames: dialogue.frames, findings: findings, tsharkDiffers: tsharkDiffers)
    }

    private static let other = [
        whole("a file of snoop", .snoop().with { file in for record in records { file.snoopRecord(record) } }),
        whole(
            "a pcap file whose version numbers alone are in the other byte order",
            .pcap(version: (0x0200, 0x0400)).with { file in for record in records { file.record(record, tick: 1_000) } }
        ),
        whole(
            "70,000 interfaces, and packets on the last",
            .pcapng().with { file in
                for _ in 0..<70_000 { file.interface() }
                for record in records {
                    file.enhancedPacket(interface: 69_999, ticks: UInt64(record.nanoseconds / 1_000), as: record)
                }
            }),
    ]

    /// What a file may say beside its packets.
    private static let annotated = [
        whole(
            "names of addresses before, among and behind the packets",
            .pcapng().with { file in
                let names = CaptureBuilder.option(1, [192, 0, 2, 1] + Array("client.test\0".utf8)) + [0, 0, 0, 0]
                file.interface(resolution: 9)
                for record in records {
                    file.block(4) { $0.append(names) }
                    file.enhancedPacket(record, tick: 1)
                }
                file.block(4) { $0.append(names) }
            }),
        whole(
            "the processes that Apple's tcpdump notes beside the packets",
            .pcapng().with { file in
                file.interface(resolution: 9)
                file.block(0x8000_0001) {
                    $0.append(UInt32(501))
                    $0.append(CaptureBuilder.option(2, Array("Safari\0".utf8)) + [0, 0, 0, 0])
                }
                let process = CaptureBuilder.option(0x8001, [0, 0, 0, 0]) + [0, 0, 0, 0]
                for record in records {
                    file.enhancedPacket(ticks: UInt64(record.nanoseconds), options: process, as: record)
                }
            }),
    ]

    private static let classic: [HardCapture] =
        CaptureBuilder.Order.allCases.flatMap { order in
            [
                whole("pcap with microseconds, \(order) endian", .pcap(packets, order)),
                whole("pcap with nanoseconds, \(order) endian", .pcap(packets, order, magic: 0xA1B2_3C4D, tick: 1)),
                whole(
                    "the modified pcap format of a patched libpcap, \(order) endian",
                    .pcap(order, magic: 0xA1B2_CD34).with { file in
                        for record in records { file.record(record, tick: 1_000, patch: [1, 0, 0, 0, 8, 0, 0, 0]) }
                    }),
                whole(
                    "pcap version 2.3, \(order) endian",
                    .pcap(order, version: (2, 3)).with { file in
                        for record in records {
                            let length = UInt32(record.bytes.count)
                            file.record(record, tick: 1_000, lengths: (length, length))
                        }
                    }),
                whole(
                    "frame check sequences noted in the link type of a pcap file, \(order) endian",
                    .pcap(order, linkType: 0x2400_0001).with { file in
                        for record in records {
                            let bytes = record.bytes + [0xDE, 0xAD, 0xBE, 0xEF]
                            file.record(PacketRecord(record.nanoseconds, bytes), tick: 1_000)
                        }
                    }),
                whole(
                    "a snapshot length of 0 in a pcap file, \(order) endian",
                    .pcap(order, snapLength: 0).with { file in
                        for record in records { file.record(record, tick: 1_000) }
                    }),
                whole(
                    "packets longer than the snapshot length of a pcap file, \(order) endian",
                    .pcap(order, snapLength: 68).with { file in
                        for record in records { file.record(record, tick: 1_000) }
                    }),
            ]
        } + [
            whole(
                "captured lengths above the original ones",
                .pcap().with { file in
                    for record in records {
                        file.record(record, tick: 1_000, lengths: (UInt32(record.bytes.count), 60))
                    }
                }),
            whole(
                "a record of 300,000 bytes among the packets",
                .pcap().with { file in
                    file.record(PacketRecord(0, [UInt8](repeating: 7, count: 300_000)), tick: 1_000)
                    for record in records { file.record(record, tick: 1_000) }
                }, tsharkDiffers: "it refuses the file: a record above 262,144 bytes counts as damage"),
            whole(
                "times that leap back by a day between packets",
                .pcap().with { file in
                    for (index, record) in records.enumerated() {
                        let time = record.nanoseconds - (index % 2 == 0 ? 0 : 86_400_000_000_000)
                        file.record(PacketRecord(time, record.bytes), tick: 1_000)
                    }
                }),
            whole(
                "no times at all",
                .pcap().with { file in for record in records { file.record(PacketRecord(0, record.bytes), tick: 1_000) }
                }),
        ]

    private static let blocks: [HardCapture] = CaptureBuilder.Order.allCases.flatMap { order in
        [
            whole("pcapng, \(order) endian", .pcapng(packets, order)),
            whole(
                "a pcapng section for each packet, in byte orders by turns, \(order) endian first",
                .init().with { file in
                    for (index, record) in records.enumerated() {
                        let isFirst = index % 2 == 0
                        file.section(isFirst == (order == .big) ? .big : .little, length: isFirst ? .max : 0)
                        file.interface(resolution: 9)
                        file.enhancedPacket(record, tick: 1)
                    }
                }),
            whole(
                "pcapng packet blocks of the obsolete kind, \(order) endian",
                .pcapng(order).with { file in
                    file.interface()
                    for record in records {
                        file.obsoletePacket(ticks: UInt64(record.nanoseconds / 1_000), as: record)
                    }
                }),
            whole(
                "pcapng simple packet blocks, \(order) endian",
                .pcapng(order).with { file in
                    file.interface()
                    for record in records { file.simplePacket(as: record) }
                }),
            whole(
                "pcapng blocks that hold no packets between those that do, \(order) endian",
                .pcapng(order).with { file in
                    file.interface(resolution: 9)
                    for (record, type) in zip(records, [4, 9, 10, 0xBAD, 0x4000_0BAD, 0x8000_0001].cycled) {
                        let journal = Array("__REALTIME_TIMESTAMP=1700000000000000\n\n\n".utf8)
                        file.block(type) { $0.append(type == 9 ? journal : [UInt8](repeating: 0, count: 24)) }
                        file.enhancedPacket(record, tick: 1)
                    }
                }),
            whole(
                "comments on the section, on the interface and on every packet, \(order) endian",
                .init().with { file in
                    let comment = CaptureBuilder.comment(Array("look\u{1B}[2Jhere\u{202E}".utf8), order) + [0, 0, 0, 0]
                    file.section(order, options: comment)
                    file.interface(resolution: 9)
                    for record in records {
                        file.enhancedPacket(ticks: UInt64(record.nanoseconds), options: comment, as: record)
                    }
                }),
            whole(
                "an interface block before each packet, \(order) endian",
                .pcapng(order).with { file in
                    for (index, record) in records.enumerated() {
                        file.interface(linkType: index % 2 == 0 ? 1 : 113, resolution: index % 2 == 0 ? 9 : 6)
                        let record = index % 2 == 0 ? record : cooked[index]
                        file.enhancedPacket(
                            interface: UInt32(index), ticks: UInt64(record.nanoseconds / (index % 2 == 0 ? 1 : 1_000)),
                            as: record)
                    }
                }),
        ]
    }

    private static let cooked = dialogue.segments.packets(.linuxCooked).map(PacketRecord.init)

    /// Times in units of each kind; a power of two is told by the highest bit.
    private static let times: [HardCapture] = [0, 3, 6, 9, 12, 0x80, 0x8A, 0x94, 0x9E].map { code in
        whole(
            "times in units of \(code < 0x80 ? "10" : "2") to the power of -\(code & 0x7F)",
            .pcapng().with { file in
                file.interface(resolution: UInt8(code), offsetSeconds: 1_000_000_000)
                for (index, record) in records.enumerated() {
                    file.enhancedPacket(ticks: UInt64(index), as: record)
                }
                // There seconds lie between the packets.
            }, findings: code & 0x7F == 0 ? [.handshakeSlow] : [])
    }

    private static let compressed: [HardCapture] =
        Compressor.allCases.map { compressor in
            HardCapture(
                .files, "compression by `\(compressor.rawValue)`",
                file: compress(compressor, CaptureBuilder.pcap(packets).bytes),
                frames: dialogue.frames, tsharkDiffers: tsharkDiffers(on: compressor))
        } + [
            HardCapture(
                .files, "several gzip members, cut within a packet",
                file: {
                    let bytes = CaptureBuilder.pcapng(packets).bytes
                    let cuts = [0, 100, 1_001, bytes.count / 2, bytes.count]
                    return zip(cuts, cuts.dropFirst()).flatMap { compress(.gzip, Array(bytes[$0..<$1])) }
                }(), frames: dialogue.frames)
        ]

    private static func tsharkDiffers(on compressor: Compressor) -> String? {
        switch compressor {
        case .xz, .xzBlocks, .bzip2, .bzip2Smallest: "it reads neither xz nor bzip2"
        case _: nil
        }
    }

    /// Where the program is missing the file is empty, and the test fails.
    private static func compress(_ compressor: Compressor, _ bytes: [UInt8]) -> [UInt8] {
        (try? compressor.compress(bytes)) ?? []
    }

    /// Files that are damaged behind their last packet.
    private static let damaged: [HardCapture] = {
        let (pcap, pcapng) = (CaptureBuilder.pcap(packets).bytes, CaptureBuilder.pcapng(packets).bytes)
        func broken(_ name: String, _ file: [UInt8], _ fault: String, tsharkDiffers: String? = nil) -> HardCapture {
            HardCapture(
                .files, name, file: file, frames: dialogue.frames, fault: fault, tsharkDiffers: tsharkDiffers)
        }
        return [
            broken("half a record header at the end of a pcap file", pcap + [1, 2, 3, 4, 5, 6, 7], "cut"),
            broken(
                "a record at the end that says it has 4 GB", pcap + [UInt8](repeating: 0xFF, count: 40), "bytes"),
            broken(
                "a block at the end whose lengths differ",
                pcapng + [5, 0, 0, 0, 16, 0, 0, 0, 1, 2, 3, 4, 20, 0, 0, 0], "length"),
            broken(
                "a block at the end that says it has 2 GB", pcapng + [6, 0, 0, 0, 0, 0, 0, 0x7F, 0, 0], "a record of"),
            broken(
                "a packet at the end on an interface that was never declared",
                CaptureBuilder.pcapng(packets).with { file in
                    file.enhancedPacket(interface: 9, ticks: 1, as: records[0])
                }.bytes, "interface"),
            broken("a gzip file cut in its last bytes", Array(compress(.gzip, pcap).dropLast(6)), "gzip"),
            broken("bytes that are no gzip behind a gzip file", compress(.gzip, pcap) + Array("garbage".utf8), "gzip"),
        ]
    }()
}

extension [UInt32] {
    /// The elements over and over.
    fileprivate var cycled: AnyIterator<UInt32> {
        var index = 0
        return AnyIterator {
            defer { index += 1 }
            return self[index % count]
        }
    }
}
