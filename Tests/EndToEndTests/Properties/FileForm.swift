import TapTestSupport

/// One of the file formats that can hold the same packets.
struct FileForm {
    private enum Kind: CaseIterable { case microseconds, nanoseconds, modified, enhanced, obsolete, simple, sections }

    private let kind: Kind
    private let order: CaptureBuilder.Order
    private let compressor: Compressor?

    init(_ generator: inout SeededGenerator) {
        kind = Kind.allCases.randomElement(using: &generator) ?? .enhanced
        order = generator.oneIn(2) ? .big : .little
        compressor = generator.oneIn(20) ? Compressor.allCases.randomElement(using: &generator) : nil
    }

    func file(_ packets: [CapturedPacket]) throws -> [UInt8] {
        let file = plain(packets).bytes
        return try compressor?.compress(file) ?? file
    }

    private func plain(_ packets: [CapturedPacket]) -> CaptureBuilder {
        let records = packets.map(PacketRecord.init)
        let linkType = UInt16(clamping: records.first?.linkType ?? 1)
        // Framing that depends on IPv6 has two link types; only blocks of their own tell them apart.
        guard records.allSatisfy({ $0.linkType == UInt32(linkType) }) else { return .pcapng(packets, order) }
        switch kind {
        case .microseconds: return .pcap(packets, order)
        case .nanoseconds: return .pcap(packets, order, magic: 0xA1B2_3C4D, tick: 1)
        case .modified:
            return .pcap(order, magic: 0xA1B2_CD34, linkType: UInt32(linkType)).with { file in
                for record in records { file.record(record, tick: 1_000, patch: [1, 0, 0, 0, 8, 0, 0, 0]) }
            }
        case .enhanced: return .pcapng(packets, order)
        case .obsolete:
            return .pcapng(order).with { file in
                file.interface(linkType: linkType)
                for record in records { file.obsoletePacket(ticks: UInt64(record.nanoseconds / 1_000), as: record) }
            }
        case .simple:
            return .pcapng(order).with { file in
                file.interface(linkType: linkType)
                for record in records { file.simplePacket(as: record) }
            }
        case .sections:
            return CaptureBuilder(order).with { file in
                for record in records {
                    file.section(order)
                    file.interface(linkType: linkType, resolution: 9)
                    file.enhancedPacket(record, tick: 1)
                }
            }
        }
    }
}
