import TapTestSupport
import TapWebSocket

/// Sections 1 to 4: framing, pings and pongs, reserved bits, opcodes.
extension AutobahnCase {
    static let framing: [AutobahnCase] = {
        let sizes = [0, 125, 126, 127, 128, 65_535, 65_536, 65_536]
        return [(Opcode.text, UInt8(ascii: "*")), (.binary, 0xFE)].enumerated().flatMap { section, kind in
            sizes.enumerated().map { index, size in
                let payload = [UInt8](repeating: kind.1, count: size)
                let isChopped = index == 7
                return AutobahnCase(
                    "1.\(section + 1).\(index + 1)",
                    "\(kind.0), \(size) bytes" + (isChopped ? ", in chops of 997" : ""), says: [payload]
                ) {
                    if isChopped { $0.chop = 997 }
                    $0.message(kind.0, payload)
                }
            }
        }
    }()

    private static let mixed: [UInt8] = [0x00, 0xFF, 0xFE, 0xFD, 0xFC, 0xFB, 0x00, 0xFF]
    private static let many = [UInt8](repeating: 0xFE, count: 125)

    static let pings = [
        right("2.1", "a ping without payload") { $0.ping() },
        right("2.2", "a ping with text") { $0.ping(Array("Hello, world!".utf8)) },
        right("2.3", "a ping with bytes that are no UTF-8") { $0.ping(mixed) },
        right("2.4", "a ping of 125 bytes") { $0.ping(many) },
        wrong("2.5", "a ping of 126 bytes", finds: [(.frameControlTooLong, 1)]) { $0.ping(many + [0xFE]) },
        right("2.6", "a ping of 125 bytes, byte by byte") {
            $0.chop = 1
            $0.ping(many)
        },
        right("2.7", "a pong that nobody asked for") { $0.send(FrameBytes(.pong)) },
        right("2.8", "a pong with payload that nobody asked for") {
            $0.send(FrameBytes(.pong, Array("unsolicited pong payload".utf8)))
        },
        right("2.9", "a pong that nobody asked for, then a ping") {
            $0.send(FrameBytes(.pong, Array("unsolicited pong payload".utf8)))
            $0.ping(Array("ping payload".utf8))
        },
        right("2.10", "ten pings") {
            for number in 0..<10 { $0.ping(Array("payload-\(number)".utf8)) }
        },
        right("2.11", "ten pings, byte by byte") {
            $0.chop = 1
            for number in 0..<10 { $0.ping(Array("payload-\(number)".utf8)) }
        },
    ]

    private static let hello = "Hello, world!"

    private static func reserved(_ bits: UInt8, _ frame: FrameBytes) -> FrameBytes {
        frame.with { $0.reservedBits = bits }
    }

    static let reservedBits = [
        wrong("3.1", "RSV3 on a text", finds: [(.frameReservedBits, 1)], says: [hello]) {
            $0.send(reserved(1, FrameBytes(text: hello)))
        },
        wrong("3.2", "RSV2 on the second text", finds: [(.frameReservedBits, 2)], says: [hello, hello]) {
            $0.text(hello)
            $0.send(reserved(2, FrameBytes(text: hello)))
            $0.ping()
        },
        wrong("3.3", "RSV2 and RSV3, in one segment", finds: [(.frameReservedBits, 2)], says: [hello, hello]) {
            $0.sendTogether([FrameBytes(text: hello), reserved(3, FrameBytes(text: hello)), FrameBytes(.ping)])
        },
        wrong("3.4", "RSV1, byte by byte", finds: [(.frameReservedBits, 2)], says: [hello, hello]) {
            $0.chop = 1
            $0.text(hello)
            $0.send(reserved(4, FrameBytes(text: hello)))
            $0.ping()
        },
        AutobahnCase(
            "3.5", "RSV1 and RSV3 on a binary", finds: [(.frameReservedBits, 1)], says: [mixed], end: .failed(1002)
        ) {
            $0.send(reserved(5, FrameBytes(.binary, mixed)))
        },
        wrong("3.6", "RSV1 and RSV2 on a ping", finds: [(.frameReservedBits, 1)]) {
            $0.send(reserved(6, FrameBytes(.ping, Array(hello.utf8))))
        },
        AutobahnCase("3.7", "each reserved bit on a close", finds: [(.frameReservedBits, 1)], end: .closed) {
            $0.send(reserved(7, FrameBytes(closing: 1000)))
        },
    ]

    /// Five opcodes of a kind that are reserved: alone, with payload, and between a text and a ping.
    static let opcodes: [AutobahnCase] = [(1, 3), (2, 11)].flatMap { (section, first: UInt8) in
        (UInt8(0)..<5).map { index in
            let opcode = Opcode(rawValue: first + index)
            let payload = index % 2 == 0 ? [] : Array("reserved opcode payload".utf8)
            let isBetween = index >= 2
            return wrong(
                "4.\(section).\(index + 1)", "\(opcode)" + (payload.isEmpty ? "" : " with payload"),
                finds: [(.frameReservedOpcode, isBetween ? 2 : 1)], says: isBetween ? [hello] : []
            ) {
                if index == 4 { $0.chop = 1 }
                if isBetween { $0.text(hello) }
                $0.send(FrameBytes(opcode, payload))
                if isBetween { $0.ping() }
            }
        }
    }
}
