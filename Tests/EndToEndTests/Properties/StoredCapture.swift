import Foundation

/// A capture file in pieces, to be written again without some of its packets, or with others.
struct StoredCapture {
    /// A packet with its time as a pcapng file has it.
    struct Packet {
        var time: UInt64
        var bytes: [UInt8]
    }

    /// What stands in the file: the blocks of pcapng, or a header and packets.
    private let pieces: [Data]
    /// Which of the pieces are packets.
    private let packets: [Int]

    var packetCount: Int { packets.count }

    /// `nil` where it is neither a pcap nor a pcapng file in little-endian order.
    init?(path: String) throws {
        let file = try Data(contentsOf: URL(fileURLWithPath: path))
        let magic = StoredCapture.number(file, at: 0)
        let isBlocks = magic == 0x0A0D_0D0A
        guard isBlocks || magic == 0xA1B2_C3D4 || magic == 0xA1B2_3C4D else { return nil }
        var pieces = isBlocks ? [] : [file.prefix(24)]
        var packets: [Int] = []
        var rest = isBlocks ? file : file.dropFirst(24)
        while rest.count >= 12 {
            let type = StoredCapture.number(rest, at: 0)
            let length = isBlocks ? StoredCapture.number(rest, at: 4) : 16 + StoredCapture.number(rest, at: 8)
            guard length >= 12, length <= rest.count else { return nil }
            if !isBlocks || type == 6 { packets.append(pieces.count) }
            pieces.append(rest.prefix(length))
            rest = rest.dropFirst(length)
        }
        (self.pieces, self.packets) = (pieces, packets)
    }

    /// - Parameter missing: the packets that are left out, from 0.
    func write(without missing: Set<Int>, to path: String) throws {
        let left = Set(missing.map { packets[$0] })
        let kept = pieces.indices.filter { !left.contains($0) }.map { pieces[$0] }
        try Data(kept.joined()).write(to: URL(fileURLWithPath: path))
    }

    private static func number(_ bytes: Data, at offset: Int) -> Int {
        bytes.dropFirst(offset).prefix(4).reversed().reduce(0) { $0 << 8 | Int($1) }
    }
}

/// What is in a pcapng file.
extension StoredCapture {
    private func blocks(_ isWanted: (Int) -> Bool) -> [Data] {
        pieces.filter { isWanted(StoredCapture.number($0, at: 0)) }
    }

    var withoutSecrets: Data { Data(blocks { $0 != 10 }.joined()) }

    var contents: [Packet] {
        packets.map { place in
            let block = pieces[place]
            let time = UInt64(StoredCapture.number(block, at: 12)) << 32 | UInt64(StoredCapture.number(block, at: 16))
            return Packet(time: time, bytes: [UInt8](block.dropFirst(28).prefix(StoredCapture.number(block, at: 20))))
        }
    }

    /// The same file with other packets, and with the secrets of others.
    func with(_ contents: [Packet], secretsOf others: [StoredCapture] = []) -> Data {
        var file = Data(blocks { $0 == 0x0A0D_0D0A || $0 == 1 }.joined())
        for capture in [self] + others { file += Data(capture.blocks { $0 == 10 }.joined()) }
        for packet in contents {
            let padded = packet.bytes + [UInt8](repeating: 0, count: (4 - packet.bytes.count % 4) % 4)
            let length = 32 + padded.count
            let (high, low) = (Int(packet.time >> 32), Int(packet.time & 0xFFFF_FFFF))
            for field in [6, length, 0, high, low, packet.bytes.count, packet.bytes.count] {
                file += StoredCapture.bytes(field)
            }
            file += Data(padded) + StoredCapture.bytes(length)
        }
        return file
    }

    private static func bytes(_ number: Int) -> Data {
        Data((0..<4).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) })
    }
}
