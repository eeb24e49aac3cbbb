import Foundation
import Testing

/// The blocks of a little-endian pcapng file, to make other captures of.
struct CaptureBlocks {
    /// A packet with its time as the file has it.
    struct Packet {
        var time: UInt64
        var bytes: [UInt8]
    }

    let blocks: [Data]
    /// Which of them hold packets.
    let packets: [Int]

    init(_ path: String) throws {
        var rest = try Data(contentsOf: URL(fileURLWithPath: path))
        var (blocks, packets): ([Data], [Int]) = ([], [])
        while rest.count >= 12 {
            let (type, length) = (CaptureBlocks.number(rest, 0), CaptureBlocks.number(rest, 4))
            try #require(length >= 12 && length <= rest.count)
            if type == 6 { packets.append(blocks.count) }
            blocks.append(rest.prefix(length))
            rest = rest.dropFirst(length)
        }
        (self.blocks, self.packets) = (blocks, packets)
    }

    private static func number(_ bytes: Data, _ offset: Int) -> Int {
        bytes.dropFirst(offset).prefix(4).reversed().reduce(0) { $0 << 8 | Int($1) }
    }

    private func blocks(_ isWanted: (Int) -> Bool) -> [Data] {
        blocks.filter { isWanted(CaptureBlocks.number($0, 0)) }
    }

    var withoutSecrets: Data { Data(blocks { $0 != 10 }.joined()) }

    var contents: [Packet] {
        packets.map { place in
            let block = blocks[place]
            let time = UInt64(CaptureBlocks.number(block, 12)) << 32 | UInt64(CaptureBlocks.number(block, 16))
            return Packet(time: time, bytes: [UInt8](block.dropFirst(28).prefix(CaptureBlocks.number(block, 20))))
        }
    }

    /// The same file with other packets, and with the secrets of others.
    func with(_ contents: [Packet], secretsOf others: [CaptureBlocks] = []) -> Data {
        var file = Data(blocks { $0 == 0x0A0D_0D0A || $0 == 1 }.joined())
        for capture in [self] + others { file += Data(capture.blocks { $0 == 10 }.joined()) }
        for packet in contents {
            let padded = packet.bytes + [UInt8](repeating: 0, count: (4 - packet.bytes.count % 4) % 4)
            let length = 32 + padded.count
            let (high, low) = (Int(packet.time >> 32), Int(packet.time & 0xFFFF_FFFF))
            for field in [6, length, 0, high, low, packet.bytes.count, packet.bytes.count] {
                file += CaptureBlocks.bytes(field)
            }
            file += Data(padded) + CaptureBlocks.bytes(length)
        }
        return file
    }

    private static func bytes(_ number: Int) -> Data {
        Data((0..<4).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) })
    }
}
