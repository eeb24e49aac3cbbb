import TapTestSupport
import TapWebSocket

/// Sections 9 and 10: large messages in many ways. Where a number is only volume, it is smaller here.
extension AutobahnCase {
    private static let largest = 1 << 20

    private static func payload(_ opcode: Opcode, _ count: Int) -> [UInt8] {
        [UInt8](repeating: opcode == .text ? UInt8(ascii: "*") : 0xFE, count: count)
    }

    private static func pieces(_ payload: [UInt8], of size: Int) -> [[UInt8]] {
        stride(from: 0, to: payload.count, by: size).map { Array(payload[$0..<min($0 + size, payload.count)]) }
    }

    /// 9.1 and 9.2: one frame of 64 KB to 16 MB.
    private static func sizes(_ section: Int, _ opcode: Opcode) -> [AutobahnCase] {
        [64, 256, 1_024, 4_096, 8_192, 16_384].enumerated().map { index, kilobytes in
            let message = payload(opcode, min(kilobytes << 10, largest))
            return AutobahnCase("9.\(section).\(index + 1)", "\(opcode), \(kilobytes) KB", says: [message]) {
                $0.chop = 65_000
                $0.send(FrameBytes(opcode, message))
            }
        }
    }

    /// 9.3 and 9.4: one message of 4 MB in fragments of 64 bytes to 4 MB.
    private static func fragments(_ section: Int, _ opcode: Opcode) -> [AutobahnCase] {
        (0...8).map { index in
            let size = 64 << (2 * index)
            let message = payload(opcode, min(largest, max(128 << 10, size)))
            return AutobahnCase("9.\(section).\(index + 1)", "\(opcode), fragments of \(size)", says: [message]) {
                $0.chop = 65_000
                $0.fragments(opcode, pieces(message, of: size))
            }
        }
    }

    /// 9.5 and 9.6: one message of 1 MB in chops of 64 bytes to 2 KB.
    private static func chops(_ section: Int, _ opcode: Opcode) -> [AutobahnCase] {
        (0...5).map { index in
            let size = 64 << index
            let message = payload(opcode, 128 << 10)
            return AutobahnCase("9.\(section).\(index + 1)", "\(opcode), chops of \(size)", says: [message]) {
                $0.chop = size
                $0.send(FrameBytes(opcode, message))
            }
        }
    }

    /// 9.7 and 9.8: a thousand messages, each sent when the one before has come back.
    private static func roundTrips(_ section: Int, _ opcode: Opcode) -> [AutobahnCase] {
        [0, 16, 64, 256, 1_024, 4_096].enumerated().map { index, size in
            let message = payload(opcode, size)
            let count = 100
            return AutobahnCase(
                "9.\(section).\(index + 1)", "\(opcode), one after the other, \(size) bytes",
                says: [[UInt8]](repeating: message, count: count)
            ) {
                for _ in 0..<count {
                    $0.send(FrameBytes(opcode, message))
                    $0.echo(FrameBytes(opcode, message))
                }
            }
        }
    }

    static let limits =
        sizes(1, .text) + sizes(2, .binary) + fragments(3, .text) + fragments(4, .binary) + chops(5, .text)
        + chops(6, .binary) + roundTrips(7, .text) + roundTrips(8, .binary)

    static let misc = [
        AutobahnCase("10.1.1", "a text of 64 KB in fragments of 1,300 bytes", says: [payload(.text, 65_536)]) {
            $0.fragments(.text, pieces(payload(.text, 65_536), of: 1_300))
        }
    ]
}
