/// Sequences that are UTF-8, or nearly so, after Markus Kuhn's “UTF-8 decoder capability and stress test”, in the groups
/// of the Autobahn test suite.
package enum UTF8Sequences {
    package struct Sequence: Sendable {
        package let bytes: [UInt8]
        package let isValid: Bool
    }

    package struct Group: Sendable {
        package let name: String
        package let sequences: [Sequence]

        fileprivate init(_ name: String, isValid: Bool, _ sequences: [[UInt8]]) {
            self.name = name
            self.sequences = sequences.map { Sequence(bytes: $0, isValid: isValid) }
        }

        fileprivate init(_ name: String, _ valid: [[UInt8]], but invalid: [[UInt8]]) {
            self.name = name
            sequences =
                valid.map { Sequence(bytes: $0, isValid: true) } + invalid.map { Sequence(bytes: $0, isValid: false) }
        }

        fileprivate init(_ name: String, prefixesOf bytes: [UInt8], validAt ends: Set<Int>) {
            self.name = name
            sequences = (1...bytes.count).map { Sequence(bytes: Array(bytes.prefix($0)), isValid: ends.contains($0)) }
        }
    }

    private static let kosme: [UInt8] = Array("κ\u{1F79}σμε".utf8)

    private static func between(_ middle: [UInt8]) -> [UInt8] { Array("hello".utf8) + middle + Array("world".utf8) }

    private static func lonely(_ starts: ClosedRange<UInt8>) -> [UInt8] { starts.dropLast().flatMap { [$0, 0x20] } }

    private static let incomplete: [[UInt8]] = [
        [0xC0], [0xE0, 0x80], [0xF0, 0x80, 0x80], [0xF8, 0x80, 0x80, 0x80], [0xFC, 0x80, 0x80, 0x80, 0x80],
        [0xDF], [0xEF, 0xBF], [0xF7, 0xBF, 0xBF], [0xFB, 0xBF, 0xBF, 0xBF], [0xFD, 0xBF, 0xBF, 0xBF, 0xBF],
    ]

    /// The last two code points of each plane.
    private static let noncharacters: [[UInt8]] =
        [[0xEF, 0xBF, 0xBE], [0xEF, 0xBF, 0xBF]]
        + (1...16).flatMap { plane -> [[UInt8]] in
            let start = [0xF0 | UInt8(plane >> 2), 0x8F | UInt8(plane & 3) << 4]
            return [start + [0xBF, 0xBE], start + [0xBF, 0xBF]]
        }

    package static let groups = [
        Group(
            "some valid text", isValid: true,
            [
                between([0x24]), between([0xC2, 0xA2]), between([0xE2, 0x82, 0xAC]), between([0xF0, 0xA4, 0xAD, 0xA2]),
                kosme,
            ]
        ),
        Group("each prefix of a text", prefixesOf: kosme, validAt: [2, 5, 7, 9, 11]),
        Group(
            "the first sequence of a length", isValid: true,
            [[0x00], [0xC2, 0x80], [0xE0, 0xA0, 0x80], [0xF0, 0x90, 0x80, 0x80]]),
        Group(
            "the first sequence of five bytes, and of six", isValid: false,
            [[0xF8, 0x88, 0x80, 0x80, 0x80], [0xFC, 0x84, 0x80, 0x80, 0x80, 0x80]]),
        Group(
            "the last sequence of a length", isValid: true,
            [[0x7F], [0xDF, 0xBF], [0xEF, 0xBF, 0xBF], [0xF4, 0x8F, 0xBF, 0xBF]]),
        Group(
            "the last sequence of a length that is too high", isValid: false,
            [[0xF7, 0xBF, 0xBF, 0xBF], [0xFB, 0xBF, 0xBF, 0xBF, 0xBF], [0xFD, 0xBF, 0xBF, 0xBF, 0xBF, 0xBF]]),
        Group(
            "other bounds", [[0xED, 0x9F, 0xBF], [0xEE, 0x80, 0x80], [0xEF, 0xBF, 0xBD], [0xF4, 0x8F, 0xBF, 0xBF]],
            but: [[0xF4, 0x90, 0x80, 0x80]]),
        Group(
            "continuation bytes without a start", isValid: false,
            [[0x80], [0xBF]] + (2...6).map { count in (0..<count).map { $0 % 2 == 0 ? 0x80 : 0xBF } }
                + [Array(0x80..<0xBF)]),
        Group(
            "starts without continuation bytes", isValid: false,
            [lonely(0xC0...0xDF), lonely(0xE0...0xEF), lonely(0xF0...0xF7), lonely(0xF8...0xFB), lonely(0xFC...0xFD)]),
        Group("sequences whose last byte is missing", isValid: false, incomplete),
        Group("those in a row", isValid: false, [Array(incomplete.joined())]),
        Group("impossible bytes", isValid: false, [[0xFE], [0xFF], [0xFE, 0xFE, 0xFF, 0xFF]]),
        Group(
            "overlong forms of a slash", isValid: false,
            [
                [0xC0, 0xAF], [0xE0, 0x80, 0xAF], [0xF0, 0x80, 0x80, 0xAF], [0xF8, 0x80, 0x80, 0x80, 0xAF],
                [0xFC, 0x80, 0x80, 0x80, 0x80, 0xAF],
            ]),
        Group(
            "the last overlong forms", isValid: false,
            [
                [0xC1, 0xBF], [0xE0, 0x9F, 0xBF], [0xF0, 0x8F, 0xBF, 0xBF], [0xF8, 0x87, 0xBF, 0xBF, 0xBF],
                [0xFC, 0x83, 0xBF, 0xBF, 0xBF, 0xBF],
            ]),
        Group(
            "overlong forms of zero", isValid: false,
            [
                [0xC0, 0x80], [0xE0, 0x80, 0x80], [0xF0, 0x80, 0x80, 0x80], [0xF8, 0x80, 0x80, 0x80, 0x80],
                [0xFC, 0x80, 0x80, 0x80, 0x80, 0x80],
            ]),
        Group("single surrogates", isValid: false, surrogates),
        Group("pairs of surrogates", isValid: false, surrogatePairs),
        Group("noncharacters", isValid: true, noncharacters),
        Group("specials", isValid: true, (0xB9...0xBF).map { [0xEF, 0xBF, $0] }),
    ]

    private static let surrogates: [[UInt8]] = [
        [0xED, 0xA0, 0x80], [0xED, 0xAD, 0xBF], [0xED, 0xAE, 0x80], [0xED, 0xAF, 0xBF], [0xED, 0xB0, 0x80],
        [0xED, 0xBE, 0x80], [0xED, 0xBF, 0xBF],
    ]

    private static let surrogatePairs: [[UInt8]] = [[0xA0, 0x80], [0xAD, 0xBF], [0xAE, 0x80], [0xAF, 0xBF]].flatMap {
        high -> [[UInt8]] in [[0xB0, 0x80], [0xBF, 0xBF]].map { low in [0xED] + high + [0xED] + low }
    }
}
