import TapCore
import TapTestSupport
import TapWebSocket
import Testing

@Suite("UTF-8")
struct UTF8CheckTests {
    /// Where the first ill-formed sequence begins; `nil` if absent.
    private static func fault(_ pieces: [[UInt8]], key: UInt32 = 0, phase: Int = 0) -> UInt64? {
        var check = UTF8Check()
        var place = phase
        for piece in pieces {
            let masked = FrameBytes.masked(piece, key: key, phase: place)
            check.receive(masked.span.bytes, key: key, phase: UInt64(place))
            place += piece.count
        }
        check.finish()
        return check.fault
    }

    /// The same from the standard library: the longest start that is UTF-8 is followed by what is not.
    private static func expectedFault(_ bytes: [UInt8]) -> UInt64? {
        if String(validating: bytes, as: UTF8.self) != nil { return nil }
        // Whole characters only: a sequence has no more than four bytes, so one of these ends is between two of them.
        var end = bytes.count
        while String(validating: bytes[..<end], as: UTF8.self) == nil { end -= 1 }
        return UInt64(end)
    }

    private static let sequences = UTF8Sequences.groups.flatMap(\.sequences)

    static let texts: [[UInt8]] =
        sequences.map(\.bytes) + sequences.map { Array("before ".utf8) + $0.bytes + Array(" after, and 😀".utf8) }
        + [[], Array("aé€😀".utf8), Array(String(repeating: "é", count: 40).utf8)]

    @Test("agrees with the standard library on each sequence, and says where it goes wrong", arguments: texts)
    func whole(text: [UInt8]) {
        #expect(UTF8CheckTests.fault([text]) == UTF8CheckTests.expectedFault(text))
    }

    @Test("the sequences are what they are said to be")
    func oracle() {
        for sequence in UTF8CheckTests.sequences {
            #expect((String(validating: sequence.bytes, as: UTF8.self) != nil) == sequence.isValid)
        }
    }

    @Test("where a text is cut never changes what is found", arguments: texts)
    func cut(text: [UInt8]) {
        #expect(CutVerifier.disagreements(on: text) { UTF8CheckTests.fault($0) } == [])
    }

    @Test("nor does a mask, in any phase", arguments: 0..<5, [0x0102_0304, 0x8000_0000, 0xFFFF_FFFF, 0x37FA_213D])
    func masked(phase: Int, key: UInt32) {
        for text in UTF8CheckTests.texts {
            let expected = UTF8CheckTests.expectedFault(text)
            #expect(UTF8CheckTests.fault([text], key: key, phase: phase) == expected)
            #expect(UTF8CheckTests.fault(text.map { [$0] }, key: key, phase: phase) == expected)
        }
    }

    @Test(
        "a byte that is not ASCII is seen at each place of a text of any length",
        arguments: [0, 0x0102_0304, 0x37FA_213D])
    func ascii(key: UInt32) {
        for length in 0...140 {
            var text = [UInt8](repeating: 0x7F, count: length)
            #expect(UTF8CheckTests.isASCII(text, key: key), "\(length) bytes")
            for place in text.indices {
                text[place] = 0x80
                #expect(!UTF8CheckTests.isASCII(text, key: key), "byte \(place) of \(length)")
                text[place] = 0x7F
            }
        }
    }

    private static func isASCII(_ text: [UInt8], key: UInt32) -> Bool {
        let masked = FrameBytes.masked(text, key: key)
        return UTF8Words.isASCII(masked.span.bytes, key: key)
    }

    struct Offset: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let bytes: [UInt8]
        let offset: UInt64?

        init(_ name: String, _ bytes: [UInt8], _ offset: UInt64?) {
            (testDescription, self.bytes, self.offset) = (name, bytes, offset)
        }
    }

    /// As Python's `UnicodeDecodeError.start` gives them.
    static let offsets = [
        Offset("a continuation byte", [0x61, 0x80], 1),
        Offset("a start at the end", [0x61, 0x62, 0xE2], 2),
        Offset("two thirds of a character", [0x61, 0xE2, 0x82], 1),
        Offset("a character cut by ASCII", [0x61, 0xE2, 0x82, 0x61], 1),
        Offset("an overlong slash", [0xC0, 0xAF], 0),
        Offset("an overlong form of three bytes", [0x61, 0x61, 0xE0, 0x80, 0xAF], 2),
        Offset("a surrogate", [0xCE, 0xBA, 0xED, 0xA0, 0x80], 2),
        Offset("beyond U+10FFFF", [0xCE, 0xBA, 0xF4, 0x90, 0x80, 0x80], 2),
        Offset("0xFF after a whole character of four bytes", [0xF0, 0x9F, 0x98, 0x80, 0xFF], 4),
        Offset("the last code point", [0xF4, 0x8F, 0xBF, 0xBF], nil),
        Offset("two faults: the first counts", [0xFF, 0x61, 0xFF], 0),
    ]

    @Test("a fault lies where its sequence begins", arguments: offsets)
    func offset(row: Offset) { #expect(UTF8CheckTests.fault([row.bytes]) == row.offset) }

    @Test("a fault is known with the byte that makes it certain")
    func early() {
        for (bytes, certainAfter) in [
            ([0xED, 0xA0, 0x80], 2), ([0xF4, 0x90, 0x80, 0x80], 2), ([0xE2, 0x82, 0x61], 3),
        ]
            as [([UInt8], Int)]
        {
            var check = UTF8Check()
            for (index, byte) in bytes.enumerated() {
                check.receive([byte].span.bytes)
                #expect((check.fault != nil) == (index + 1 >= certainAfter), "\(bytes) at \(index)")
            }
        }
    }

    @Test("a fault far into a long text is found, whatever lies before it", arguments: ["a", "é", "€", "😀", "ab€"])
    func far(filler: String) {
        for length in [1_000, 1_023, 1_024, 1_025, 4_096] {
            var text: [UInt8] = []
            while text.count < length { text += filler.utf8 }
            #expect(UTF8CheckTests.fault([text], key: 0x1234_5678) == nil)
            let start = UInt64(text.count)
            #expect(UTF8CheckTests.fault([text + [0xC3]], key: 0x1234_5678) == start)
            #expect(UTF8CheckTests.fault([text + [0xFF] + text]) == start)
        }
    }

    @Test("random bytes give what the standard library says, in pieces of any size", arguments: 0..<200)
    func random(seed: Int) {
        var generator = SeededGenerator(seed: seed)
        var text: [UInt8] = []
        while text.count < 300 {
            let scalar = Unicode.Scalar(UInt32.random(in: 0...0x11_0000, using: &generator)) ?? "a"
            text += generator.oneIn(2) ? Array(String(scalar).utf8) : Array("ascii ".utf8)
        }
        if !generator.oneIn(4) {
            text[Int.random(in: 0..<text.count, using: &generator)] = UInt8.random(in: .min ... .max, using: &generator)
        }
        let cuts = (0..<9).map { _ in Int.random(in: 0...text.count, using: &generator) }.sorted()
        let expected = UTF8CheckTests.expectedFault(text)
        let key = UInt32.random(in: .min ... .max, using: &generator)
        #expect(UTF8CheckTests.fault(CutVerifier.pieces(of: text, cutAt: cuts), key: key) == expected)
    }
}
