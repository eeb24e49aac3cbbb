import TapCore
import TapTestSupport
import TapWebSocket
import Testing

@Suite("Inflating")
struct InflaterTests {
    enum Outcome: Equatable {
        case message([UInt8])
        /// What was inflated up to the fault.
        case failed([UInt8])
    }

    /// Inflates messages, each in pieces, with room for so many bytes at once.
    private static func inflate(_ messages: [[[UInt8]]], windowBits: Int = 15, room: Int = 4_096) throws -> [Outcome] {
        let inflater = try #require(InflaterPool(limit: 1).make(windowBits: windowBits))
        return messages.map { inflate($0, by: inflater, room: room) }
    }

    private static func inflate(_ pieces: [[UInt8]], by inflater: Inflater, room: Int) -> Outcome {
        var output: [UInt8] = []
        var scratch = [UInt8](repeating: 0, count: room)
        var steps = pieces.map { piece in
            { (offset: inout Int, scratch: inout [UInt8]) in
                inflater.inflate(piece.span.bytes, from: &offset, into: &scratch)
            }
        }
        steps.append { inflater.finish(from: &$0, into: &$1) }
        for step in steps {
            var offset = 0
            while true {
                let (count, progress) = step(&offset, &scratch)
                output += scratch[..<count]
                if case .failed = progress { return .failed(output) }
                if progress == .waiting { break }
            }
        }
        return .message(output)
    }

    /// Inflates a message together with its tail.
    private static func inflate(whole message: [UInt8], by inflater: Inflater, room: Int) -> Outcome {
        let input = message + Inflater.tail
        var output: [UInt8] = []
        var scratch = [UInt8](repeating: 0, count: room)
        var offset = 0
        while true {
            let (count, progress) = inflater.inflate(whole: input.span.bytes, from: &offset, into: &scratch)
            output += scratch[..<count]
            if case .failed = progress { return .failed(output) }
            if progress == .waiting { return .message(output) }
        }
    }

    @Test("a message with its tail is inflated as the message is, and then its tail", arguments: 0..<40)
    func whole(seed: Int) throws {
        var generator = SeededGenerator(seed: seed)
        // A final block in the middle, at the end and before a rest, stored blocks, nothing at all, and what is no DEFLATE.
        var messages: [[UInt8]] = [
            [0xF2, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00], [0xF3, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00], [],
            [0xF3, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00, 0x00], [0x00], [0xF2, 0x48], [0x07],
            [0x00, 0x05, 0x00, 0xFA, 0xFF, 0x48, 0x65, 0x6C, 0x6C, 0x6F, 0x00], [0x01, 0x00], [0x03],
        ]
        messages += (0..<20).map { _ in generator.bytes(Int.random(in: 0...30, using: &generator)) }
        for room in [1, 3, 4_096] {
            let pool = InflaterPool(limit: 2)
            var (one, other) = (try #require(pool.make(windowBits: 15)), try #require(pool.make(windowBits: 15)))
            for message in messages.shuffled(using: &generator) {
                let whole = InflaterTests.inflate(whole: message, by: one, room: room)
                #expect(whole == InflaterTests.inflate([message], by: other, room: room))
                guard case .failed = whole else { continue }
                // The window is lost.
                (one, other) = (
                    try #require(InflaterPool(limit: 1).make(windowBits: 15)),
                    try #require(InflaterPool(limit: 1).make(windowBits: 15))
                )
            }
        }
    }

    private static let hello = Array("Hello".utf8)

    struct Example: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let messages: [[[UInt8]]]

        init(_ section: String, _ messages: [[[UInt8]]]) {
            testDescription = "RFC 7692 §\(section)"
            self.messages = messages
        }
    }

    @Test(
        "the examples of RFC 7692 say hello",
        arguments: [
            Example("7.2.3.1", [[[0xF2, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00]]]),
            Example("7.2.3.1, in two fragments", [[[0xF2, 0x48, 0xCD], [0xC9, 0xC9, 0x07, 0x00]]]),
            Example(
                "7.2.3.2", [[[0xF2, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00]], [[0xF2, 0x00, 0x11, 0x00, 0x00]]]),
            Example("7.2.3.3", [[[0x00, 0x05, 0x00, 0xFA, 0xFF, 0x48, 0x65, 0x6C, 0x6C, 0x6F, 0x00]]]),
            Example("7.2.3.4", [[[0xF3, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00, 0x00]]]),
            Example(
                "7.2.3.5", [[[0xF2, 0x48, 0x05, 0x00, 0x00, 0x00, 0xFF, 0xFF, 0xCA, 0xC9, 0xC9, 0x07, 0x00]]]),
        ])
    func examples(row: Example) throws {
        for room in [1, 2, 4_096] {
            let expected = row.messages.map { _ in Outcome.message(InflaterTests.hello) }
            #expect(try InflaterTests.inflate(row.messages, room: room) == expected)
        }
        let bytes = row.messages[0].flatMap(\.self)
        let disagreements = try CutVerifier.disagreements(on: bytes) { try InflaterTests.inflate([$0]) }
        #expect(disagreements == [])
    }

    @Test("an empty message is one byte, or a flush more (RFC 7692 §7.2.3.6)")
    func empty() throws {
        #expect(try InflaterTests.inflate([[[0x00]]]) == [.message([])])
        #expect(try InflaterTests.inflate([[[0x02, 0x00]]]) == [.message([])])
    }

    @Test(
        "a final block may end with its last byte, or with an empty block after it; either way the next message follows"
    )
    func final() throws {
        for rest in [[], [0x00]] as [[UInt8]] {
            let message = [[0xF3, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00] + rest]
            #expect(
                try InflaterTests.inflate([message, message])
                    == [.message(InflaterTests.hello), .message(InflaterTests.hello)])
            // The window outlives the final block.
            #expect(
                try InflaterTests.inflate([message, [[0xF2, 0x00, 0x11, 0x00, 0x00]]])
                    == [.message(InflaterTests.hello), .message(InflaterTests.hello)])
        }
    }

    private static let texts: [[UInt8]] = (0..<6).map { number in
        let line = "line \(number % 3) of a text that comes again, but not quite: \(number * number)\n"
        return Array(String(repeating: line, count: number * 3).utf8)
    }

    @Test("what a peer compresses is inflated, with each window", arguments: 8...15, [false, true])
    func windows(bits: Int, takesOver: Bool) throws {
        let deflater = Deflater(windowBits: bits, takesOver: takesOver)
        let messages = InflaterTests.texts.map { [deflater.message($0)] }
        let expected = InflaterTests.texts.map(Outcome.message)
        for room in [1, 7, 32 << 10] {
            #expect(try InflaterTests.inflate(messages, windowBits: bits, room: room) == expected)
        }
    }

    @Test("where compressed bytes are cut never changes what they become", arguments: [0, 1, 6, 9] as [Int32])
    func cuts(level: Int32) throws {
        let bytes = Deflater(level: level).message(InflaterTests.texts[4])
        for room in [1, 4_096] {
            let disagreements = try CutVerifier.disagreements(on: bytes) { try InflaterTests.inflate([$0], room: room) }
            #expect(disagreements == [])
        }
    }

    @Test("a message that refers further back than its window fails", arguments: 8...14)
    func beyondWindow(bits: Int) throws {
        let random = SeededGenerator.bytes((1 << bits) + 300, seed: bits)
        let message = Deflater(windowBits: 15).message(random + random)
        // With more room, zlib finds in its output what the window no longer holds.
        guard case .failed(let output) = try InflaterTests.inflate([[message]], windowBits: bits, room: 1)[0] else {
            Issue.record("the window is larger than \(bits) bits")
            return
        }
        #expect(Array(output.prefix(random.count)) == random)
        #expect(try InflaterTests.inflate([[message]]) == [.message(random + random)])
    }

    @Test("without the window of the message before, one that refers to it fails; after a reset, too")
    func lostContext() throws {
        let deflater = Deflater()
        let (first, second) = (deflater.message("Hello, Hello"), deflater.message("Hello, Hello"))
        // What it says for the first time is there; the rest was said before.
        #expect(try InflaterTests.inflate([[second]]) == [.failed(Array("H".utf8))])
        let inflater = try #require(InflaterPool(limit: 1).make(windowBits: 15))
        let text = Outcome.message(Array("Hello, Hello".utf8))
        #expect(InflaterTests.inflate([first], by: inflater, room: 99) == text)
        #expect(InflaterTests.inflate([second], by: inflater, room: 99) == text)
        inflater.reset()
        #expect(InflaterTests.inflate([second], by: inflater, room: 99) == .failed(Array("H".utf8)))
    }

    struct Broken: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let bytes: [UInt8]
        let start: String

        init(_ name: String, _ bytes: [UInt8], inflatesTo start: String = "") {
            (testDescription, self.bytes, self.start) = (name, bytes, start)
        }
    }

    @Test(
        "what is no DEFLATE data fails, after what could be read of it",
        arguments: [
            Broken("plain text", Array("hello, world".utf8)),
            Broken("a block type that there is not", [0x06]),
            Broken("stored lengths that disagree", [0x00, 0x05, 0x00, 0x05, 0x00, 0x61]),
            Broken("a message cut in a block", [0xF2, 0x48, 0xCD], inflatesTo: "H"),
            Broken("no bytes at all", []),
            Broken(
                "a tail that was not taken away", [0xF2, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00, 0x00, 0x00, 0xFF, 0xFF],
                inflatesTo: "Hello"),
        ])
    func broken(row: Broken) throws {
        guard case .failed(let output) = try InflaterTests.inflate([[row.bytes]])[0] else {
            Issue.record("it was inflated")
            return
        }
        #expect(row.start.isEmpty || String(decoding: output, as: UTF8.self).hasPrefix(row.start))
        let disagreements = try CutVerifier.disagreements(on: row.bytes) { try InflaterTests.inflate([$0], room: 3) }
        #expect(disagreements == [])
    }

    @Test("garbage never traps, and cuts do not change what becomes of it", arguments: 0..<100)
    func garbage(seed: Int) throws {
        var generator = SeededGenerator(seed: seed)
        var bytes = generator.bytes(generator.length(upTo: 60))
        if generator.oneIn(2), !bytes.isEmpty { bytes[0] = bytes[0] & 0xF8 | 0x02 }
        let disagreements = try CutVerifier.disagreements(on: bytes) { try InflaterTests.inflate([$0], room: 17) }
        #expect(disagreements == [])
    }

    @Test("there are only so many inflaters at once, and each gives its place back")
    func pool() throws {
        let pool = InflaterPool(limit: 2)
        var held = try [#require(pool.make(windowBits: 15)), #require(pool.make(windowBits: 8))]
        #expect(pool.make(windowBits: 15) == nil && pool.used == 2)
        held.removeLast()
        #expect(pool.used == 1 && held.count == 1)
        held.removeAll()
        #expect(pool.used == 0 && pool.make(windowBits: 15) != nil)
        #expect(InflaterPool(limit: 0).make(windowBits: 15) == nil)
    }
}
