import TapCore

/// Segments of one connection, as networks and captures bring them.
enum ReassemblySeeds {
    static let all = scripts.flatMap { name, segments in
        [(name, [0] + segments.joined()), ("\(name)-limited", [0x21] + segments.joined())]
    }

    private static let opening = [client([.syn]), server([.syn, .ack]), client([.ack])]
    private static let closing = [client([.fin, .ack]), server([.fin, .ack]), client([.ack])]

    private static let scripts: [(String, [[UInt8]])] = [
        ("in-order", opening + [client([.ack], 10), server([.ack], 20), client([.ack], 30)] + closing),
        ("out-of-order", opening + [client([.ack], 10, at: 10), client([.ack], 10, at: -20)] + closing),
        ("overlapping", opening + [client([.ack], 20, at: 5), client([.ack], 40, at: -25), server([.ack])] + closing),
        ("hole", opening + [client([.ack], 20, at: 9)] + [[UInt8]](repeating: server([.ack], 3), count: 20) + closing),
        ("many-held", opening + (0..<9).map { _ in client([.ack], 100, at: 1) } + closing),
        ("cut-short", opening + [client([.ack], 20, captured: 5), client([.ack], 20, at: 7, captured: 0)] + closing),
        ("reset", opening + [client([.ack], 10, at: 3), server([.rst, .ack])]),
        ("opened-again", opening + [client([.ack], 10, at: 3), client([.syn], 0, at: 100), server([.ack], 5)]),
        ("end-before-bytes", opening + [client([.fin, .ack], 10, at: 10), client([.ack], 10, at: -21)] + closing),
        ("far-apart", opening + [far(0x7F), client([.ack], 10), far(0x81), far(0xFF)] + closing),
        ("silent", opening + [client([.ack], 10, at: 3), late(client([.ack], 10)), client([.ack], 1)]),
    ]

    private static func client(_ flags: TCPFlags, _ length: UInt8 = 0, at offset: Int8? = nil, captured: UInt8? = nil)
        -> [UInt8]
    { segment(flags.rawValue, length, at: offset, captured: captured) }

    private static func server(_ flags: TCPFlags, _ length: UInt8 = 0) -> [UInt8] {
        segment(0x80 | flags.rawValue, length, at: nil, captured: nil)
    }

    private static func segment(_ first: UInt8, _ length: UInt8, at offset: Int8?, captured: UInt8?) -> [UInt8] {
        let kind: UInt8 = (offset == nil ? 0 : 1) | (captured == nil ? 0 : 0x20)
        return [first, kind] + (offset.map { [UInt8(bitPattern: $0)] } ?? []) + [length] + (captured.map { [$0] } ?? [])
    }

    /// A segment about so many 256ths of the circle ahead, whose sender goes on as if it had not been.
    private static func far(_ distance: UInt8) -> [UInt8] { [0x10, 0x83, distance, 0, 10] }

    /// The same segment, 20 seconds later.
    private static func late(_ segment: [UInt8]) -> [UInt8] {
        [segment[0], segment[1] | 0x40] + segment.dropFirst(2) + [200]
    }
}
