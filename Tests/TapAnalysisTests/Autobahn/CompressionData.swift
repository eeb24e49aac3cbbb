import TapTestSupport

/// Data of the kinds that the Autobahn test suite compresses, made up, and a good deal larger than any window.
enum CompressionData {
    private static let count = 200_000

    private static func repeated(_ seed: Int, _ next: (Int, inout SeededGenerator) -> String) -> [UInt8] {
        var generator = SeededGenerator(seed: seed)
        var bytes: [UInt8] = []
        var number = 0
        while bytes.count < count {
            bytes += next(number, &generator).utf8
            number += 1
        }
        return bytes
    }

    private static let words = [
        "habe", "nun", "ach", "Philosophie", "Juristerei", "und", "Medizin", "leider", "auch", "Theologie", "durchaus",
        "studiert", "mit", "heissem", "Bemuehn", "da", "steh", "ich", "armer", "Tor",
    ]

    private static let jsonBytes = repeated(1) { number, generator in
        let value = UInt32.random(in: 0 ... .max, using: &generator)
        return #"{"id":\#(number),"name":"item \#(number % 97)","value":\#(value),"tags":["a","b","c"]},"#
    }

    private static let htmlBytes = repeated(2) { number, generator in
        let word = words.randomElement(using: &generator) ?? ""
        return "<tr class=\"row-\(number % 2)\"><td>\(number)</td><td><a href=\"/\(word)\">\(word)</a></td></tr>\n"
    }

    private static let playBytes = repeated(3) { number, generator in
        let word = words.randomElement(using: &generator) ?? ""
        return number % 9 == 8 ? "\(word).\r\n" : "\(word) "
    }

    /// A smooth picture with a little noise.
    private static let pictureBytes: [UInt8] = {
        var generator = SeededGenerator(seed: 4)
        return (0..<count).map { place in
            UInt8((place % 512 / 4 + place / 2_048 + Int.random(in: 0...3, using: &generator)) & 0xFF)
        }
    }()

    /// Streams that are compressed already, between a few lines of text.
    private static let documentBytes: [UInt8] = {
        var generator = SeededGenerator(seed: 5)
        var bytes: [UInt8] = []
        while bytes.count < count {
            bytes += "\n\(bytes.count) 0 obj\n<< /Length 4000 /Filter /FlateDecode >>\nstream\n".utf8
            bytes += generator.bytes(4_000)
        }
        return bytes
    }()

    @Sendable static func json() -> [UInt8] { jsonBytes }
    @Sendable static func html() -> [UInt8] { htmlBytes }
    @Sendable static func play() -> [UInt8] { playBytes }
    @Sendable static func picture() -> [UInt8] { pictureBytes }
    @Sendable static func document() -> [UInt8] { documentBytes }
}
