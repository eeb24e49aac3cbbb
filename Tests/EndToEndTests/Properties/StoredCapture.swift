import Foundation

/// A capture file in pieces, to be written again without some of its packets.
struct StoredCapture {
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
