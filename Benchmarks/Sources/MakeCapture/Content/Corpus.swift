/// Stores of text and noise from which payloads are cut.
struct Corpus {
    private static let size = 1 << 18

    private var asciiText: [UInt8] = []
    private var asciiStarts: [Int] = []
    private var multiByteText: [UInt8] = []
    private let noise: [UInt8]

    init(random: inout RandomSource) {
        noise = random.bytes(Self.size)
        while asciiText.count < Self.size {
            asciiStarts.append(asciiText.count)
            asciiText.append(contentsOf: Self.chatMessage(random: &random).utf8)
        }
        while multiByteText.count < Self.size {
            multiByteText.append(contentsOf: random.element(of: Self.multiByteWords).utf8)
            multiByteText.append(UInt8(ascii: " "))
        }
    }

    /// Appends exactly `length` bytes; text is valid UTF-8.
    func append(_ content: Content, length: Int, to output: inout [UInt8], random: inout RandomSource) {
        switch content {
        case .ascii:
            Self.append(asciiText, from: random.element(of: asciiStarts), length: length, to: &output)
        case .binary:
            Self.append(noise, from: random.next(below: noise.count), length: length, to: &output)
        case .multiByte:
            var start = random.next(below: multiByteText.count)
            while multiByteText[start].isUTF8Continuation { start = (start + 1) % multiByteText.count }
            Self.append(multiByteText, from: start, length: length, to: &output)
            let end = (start + length) % multiByteText.count
            if multiByteText[end].isUTF8Continuation { Self.blankTruncatedScalar(&output) }
        }
    }

    /// Appends exactly `length` bytes of words and spaces, which JSON need not escape.
    func appendWords(length: Int, to output: inout [UInt8], random: inout RandomSource) {
        let end = output.count + length
        while output.count < end {
            output.append(contentsOf: random.element(of: Self.asciiWords).utf8)
            output.append(UInt8(ascii: " "))
        }
        output.removeLast(output.count - end)
    }

    /// Appends bytes of a store, which starts over when it ends.
    private static func append(_ store: [UInt8], from start: Int, length: Int, to output: inout [UInt8]) {
        var position = start
        var remaining = length
        while remaining > 0 {
            let count = min(remaining, store.count - position)
            output.append(contentsOf: store[position..<position + count])
            remaining -= count
            position = 0
        }
    }

    /// Replaces the first bytes of a character, the last of which were cut off, with spaces.
    private static func blankTruncatedScalar(_ output: inout [UInt8]) {
        var index = output.count - 1
        while output[index].isUTF8Continuation {
            output[index] = UInt8(ascii: " ")
            index -= 1
        }
        output[index] = UInt8(ascii: " ")
    }

    private static func chatMessage(random: inout RandomSource) -> String {
        let words = (0..<random.next(in: 3...24)).map { _ in random.element(of: asciiWords) }
        return "{\"type\":\"message\",\"id\":\(random.next(below: 1_000_000)),"
            + "\"room\":\"\(random.element(of: asciiWords))\",\"user\":\"\(random.element(of: users))\","
            + "\"text\":\"\(words.joined(separator: " "))\"}"
    }

    private static let users = ["ada", "barbara", "edsger", "grace", "john", "leslie", "margaret", "tony"]

    private static let asciiWords = [
        "the", "market", "opened", "with", "a", "gap", "and", "nobody", "noticed", "until", "order", "price", "volume",
        "update", "ready", "please", "review", "build", "failed", "again", "in", "stage", "three", "room", "general",
        "deploy", "today", "tomorrow", "maybe", "lunch", "meeting", "moved", "to", "sensor", "reading", "temperature",
    ]

    private static let multiByteWords = [
        "größer", "déjà", "señor", "Ærø", "žluťoučký", "привет", "сообщение", "γειά", "κόσμε", "שלום", "مرحبا", "नमस्ते",
        "こんにちは", "世界", "消息", "안녕하세요", "สวัสดี", "🙂", "🚀🚀", "👩‍💻", "€100", "naïve", "über", "data",
    ]
}

extension UInt8 {
    /// Whether the byte continues a character. RFC 3629 §3.
    fileprivate var isUTF8Continuation: Bool { self & 0xC0 == 0x80 }
}
