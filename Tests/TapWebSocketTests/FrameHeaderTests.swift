import TapCore
import TapTestSupport
import TapWebSocket
import Testing

@Suite("Frame headers")
struct FrameHeaderTests {
    struct Row: Sendable, CustomTestStringConvertible {
        let length: UInt64
        let form: FrameBytes.LengthForm
        let headerLength: Int
        let isMinimal: Bool
        let isPossible: Bool
        var testDescription: String { "\(length) as \(form)" }

        init(_ length: UInt64, _ form: FrameBytes.LengthForm, _ headerLength: Int, minimal: Bool, possible: Bool = true)
        {
            self.length = length
            self.form = form
            self.headerLength = headerLength
            isMinimal = minimal
            isPossible = possible
        }
    }

    static let rows = [
        Row(0, .minimal, 2, minimal: true), Row(1, .minimal, 2, minimal: true), Row(125, .minimal, 2, minimal: true),
        Row(126, .minimal, 4, minimal: true), Row(65_535, .minimal, 4, minimal: true),
        Row(65_536, .minimal, 10, minimal: true), Row(1 << 32, .minimal, 10, minimal: true),
        Row(1 << 63 - 1, .minimal, 10, minimal: true), Row(1 << 63, .minimal, 10, minimal: true, possible: false),
        Row(.max, .minimal, 10, minimal: true, possible: false), Row(0, .sixteenBits, 4, minimal: false),
        Row(125, .sixteenBits, 4, minimal: false), Row(126, .sixteenBits, 4, minimal: true),
        Row(0, .sixtyFourBits, 10, minimal: false), Row(125, .sixtyFourBits, 10, minimal: false),
        Row(126, .sixtyFourBits, 10, minimal: false), Row(65_535, .sixtyFourBits, 10, minimal: false),
        Row(65_536, .sixtyFourBits, 10, minimal: true),
    ]

    @Test("each form of length is read, masked or not", arguments: rows, [nil, 0, 0x0102_0304] as [UInt32?])
    func lengths(row: Row, key: UInt32?) throws {
        var frame = FrameBytes(.binary, maskingKey: key)
        frame.statedLength = row.length
        frame.lengthForm = row.form
        let header = try #require(read(frame.header + [1, 2, 3]))
        #expect(header.payloadLength == row.length)
        #expect(header.length == row.headerLength + (key == nil ? 0 : 4))
        #expect(header.isLengthMinimal == row.isMinimal)
        #expect(header.isLengthPossible == row.isPossible)
        #expect(header.isMasked == (key != nil))
        #expect(header.maskingKey == key ?? 0)
    }

    @Test("a header that is not whole is nil, and nothing is consumed", arguments: rows)
    func incomplete(row: Row) {
        for key in [nil, 7] as [UInt32?] {
            var frame = FrameBytes(.binary, maskingKey: key)
            frame.statedLength = row.length
            frame.lengthForm = row.form
            for count in 0..<frame.header.count {
                let bytes = Array(frame.header.prefix(count))
                var reader = ByteReader(bytes.span.bytes)
                let header = FrameHeader(from: &reader)
                let offset = reader.offset
                #expect(header == nil)
                #expect(offset == 0)
            }
        }
    }

    @Test("each first byte is read", arguments: UInt8.min ... .max)
    func firstByte(byte: UInt8) throws {
        let header = try #require(read([byte, 0]))
        #expect(header.isFinal == (byte >= 128))
        #expect(header.reservedBits == byte / 16 % 8)
        #expect(header.opcode.rawValue == byte % 16)
    }

    @Test(
        "opcodes have names and kinds",
        arguments: [
            (0, "continuation", false, false), (1, "text", false, false), (2, "binary", false, false),
            (3, "reserved-3", false, true), (7, "reserved-7", false, true), (8, "close", true, false),
            (9, "ping", true, false), (10, "pong", true, false), (11, "reserved-11", true, true),
            (15, "reserved-15", true, true), (0x81, "text", false, false),
        ] as [(UInt8, String, Bool, Bool)])
    func opcodes(value: UInt8, name: String, isControl: Bool, isReserved: Bool) {
        let opcode = Opcode(rawValue: value)
        #expect(opcode.description == name)
        #expect(opcode.isControl == isControl)
        #expect(opcode.isReserved == isReserved)
    }

    private func read(_ bytes: [UInt8]) -> FrameHeader? {
        var reader = ByteReader(bytes.span.bytes)
        return FrameHeader(from: &reader)
    }

    @Test("a header's bytes are those that it was read from", arguments: 0..<200)
    func bytes(seed: Int) throws {
        var generator = SeededGenerator(seed: seed)
        var frame = FrameBytes(Opcode(rawValue: .random(in: 0...15, using: &generator)))
        frame.isFinal = generator.oneIn(2)
        frame.reservedBits = .random(in: 0...7, using: &generator)
        frame.maskingKey = generator.oneIn(2) ? nil : .random(in: 0 ... .max, using: &generator)
        frame.lengthForm = [.minimal, .sixteenBits, .sixtyFourBits].randomElement(using: &generator) ?? .minimal
        frame.statedLength = .random(in: 0...(frame.lengthForm == .sixteenBits ? 0xFFFF : .max), using: &generator)
        let bytes = frame.header
        var reader = ByteReader(bytes.span.bytes)
        let header = FrameHeader(from: &reader)
        #expect(header?.bytes == bytes)
    }
}
