import TapWebSocket

/// Conversations of both peers, under each of the extensions that may be agreed on.
enum MessageSeeds {
    static let all = talks.flatMap { name, kinds, frames in
        kinds.map { kind in ("\(name)-\(kind)", [kind, 6] + frames.joined()) }
    }

    private static let client: UInt8 = 0
    private static let server: UInt8 = 1
    private static let text = "a text that says a text"

    private static let talks: [(String, [UInt8], [[UInt8]])] = [
        ("texts", [0, 0x41], [frame(0x81, client, text), frame(0x81, server, "κόσμε"), frame(0x82, client, "")]),
        ("fragments", [0], [frame(0x01, server, "a"), frame(0x89, server, "p"), frame(0x80, server, "b")]),
        (
            "ends", [0x40, 0x80],
            [frame(0x88, client, "\u{3}e"), frame(0x88, server, "\u{3}e"), frame(0x81, server, "")]
        ),
        (
            "compressed", [1, 2, 3, 4, 6],
            [server, server, client].map { frame(0xC1, $0, text, form: 1) }
        ),
        (
            "compressed-fragments", [1, 2],
            [frame(0x41, server, text, form: 2), frame(0x8A, server, "p"), frame(0x80, server, text, form: 1)]
        ),
        ("final-blocks", [1], [frame(0xC2, server, text, form: 3), frame(0xC2, server, text, form: 1)]),
        ("long", [1, 5], [frame(0xC2, client, text, form: 0xF1), frame(0x82, server, text, form: 0xC0)]),
        ("broken", [1], [frame(0xC1, server, text), frame(0xC1, server, text, form: 1), frame(0x80, server, text)]),
        ("lengths", [0], [client | 4, server | 8, server | 12].map { frame(0x81, $0, text) }),
        ("raw", [0], [frame(0x81, server | 0x80, "\u{1}\u{2}hi"), frame(0x81, client, text)]),
    ]

    /// - Parameters:
    ///   - first: the frame's first byte.
    ///   - form: whether the payload is compressed, and how often it is repeated.
    private static func frame(_ first: UInt8, _ second: UInt8, _ payload: String, form: UInt8 = 0) -> [UInt8] {
        [first, second, form, UInt8(payload.utf8.count)] + Array(payload.utf8)
    }
}
