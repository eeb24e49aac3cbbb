import TapCore

/// What stands beside the packets of a shard's section: the numbers that they had in the capture, the files that they are of,
/// and at which other packets it was time to scan for idle connections.
///
/// The numbers are those that pcapng has for that (`epb_packetid`); the rest are blocks of a type that is set aside for local
/// use, which other programs pass over.
package final class PcapngShard {
    package let section: ShardSection
    /// That of the packet which was read last; `nil` where it has none.
    private(set) var number: UInt64?
    /// Packets of other shards at which it was time to scan, before the one that was read last, since they were taken last.
    private var marks: [PacketHeader] = []
    private var files: [UInt32: String] = [:]
    /// Which file the packets are of, and how much higher their numbers are than in that.
    private(set) var origin: (file: UInt32, ahead: UInt64)?

    static let blockType: UInt32 = 0x8000_5754

    /// What a block is about; the first word of its body. All words are in little-endian order.
    enum Kind: UInt32 {
        /// The number and the time of a packet of another shard.
        case mark = 1
        /// A number and the name of a file.
        case file = 2
        /// The number of the file that the next packets are of, and how much higher their numbers are.
        case origin = 3
    }

    /// - Parameter options: those of the section header.
    /// - Returns: `nil` where the section is of no shard.
    init?(_ options: consuming PcapngOptions, in block: RawSpan) {
        while let option = options.next(in: block) {
            guard option.code == ShardSection.option else { continue }
            guard let section = ShardSection(text: block.extracting(option.value)) else { return nil }
            self.section = section
            return
        }
        return nil
    }

    /// Takes up the body of a block.
    func note(_ body: RawSpan) {
        guard body.byteCount >= 8, let kind = Kind(rawValue: body.uint32(at: 0, .little)) else { return }
        switch kind {
        case .mark where body.byteCount >= 20 && marks.count < CaptureLimits.marks:
            marks.append(
                PacketHeader(
                    number: PacketNumber(body.uint64(at: 4, .little)),
                    timestamp: Timestamp(nanoseconds: Int64(bitPattern: body.uint64(at: 12, .little))), linkType: .null,
                    originalLength: 0))
        case .file where files.count < CaptureLimits.filesOfShard:
            let name = body.extracting(8...).upTo(CaptureLimits.fileName)
            files[body.uint32(at: 4, .little)] = String(
                decoding: name.extracting(..<(name.firstIndex(of: 0) ?? name.byteCount)))
        case .origin where body.byteCount >= 16:
            origin = (body.uint32(at: 4, .little), body.uint64(at: 8, .little))
        case .mark, .file, .origin: break
        }
    }

    /// Takes up the number of a packet.
    /// - Parameter options: those of the packet.
    func number(by options: consuming PcapngOptions, in block: RawSpan, _ order: ByteOrder) {
        number = nil
        while let option = options.next(in: block) {
            guard option.code == PcapngOptions.packetIdentifier, option.value.count == 8 else { continue }
            number = block.uint64(at: option.value.lowerBound, order)
            return
        }
    }

    func takeMarks() -> [PacketHeader] {
        defer { marks = [] }
        return marks
    }

    /// The file of the packet with this number, the one read last, and its number in that file.
    func place(of number: UInt64) -> PacketPlace? {
        guard let origin, let file = files[origin.file] else { return nil }
        return PacketPlace(file: file, number: number &- origin.ahead)
    }
}
