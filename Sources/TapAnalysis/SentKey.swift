import TapCore
import TapWebSocket

/// The key of a handshake, and who sent it to whom.
struct SentKey: Sendable, Codable {
    /// Eight bytes each.
    let words: InlineArray<4, UInt64>
    let length: Int
    let client: Endpoint
    let server: Endpoint

    /// Answers `nil` where it is longer than any key that is right.
    init?(_ bytes: RawSpan, from client: Endpoint, to server: Endpoint) {
        guard bytes.byteCount <= SentKey.longest else { return nil }
        var words: InlineArray<4, UInt64> = [0, 0, 0, 0]
        let whole = bytes.byteCount & ~7
        for place in stride(from: 0, to: whole, by: 8) { words[place >> 3] = bytes.uint64(at: place) }
        for place in whole..<bytes.byteCount {
            words[place >> 3] = words[place >> 3] << 8 | UInt64(bytes.uint8(at: place))
        }
        self.words = words
        length = bytes.byteCount
        self.client = client
        self.server = server
    }

    private static let longest = 32

    init(from decoder: any Decoder) throws {
        var container = try decoder.unkeyedContainer()
        words = [
            try container.decode(UInt64.self), try container.decode(UInt64.self), try container.decode(UInt64.self),
            try container.decode(UInt64.self),
        ]
        length = Int(try container.decode(UInt8.self))
        client = try container.decode(Endpoint.self)
        server = try container.decode(Endpoint.self)
        guard length <= SentKey.longest else { throw StateError() }
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.unkeyedContainer()
        for index in words.indices { try container.encode(words[index]) }
        try container.encode(UInt8(clamping: length))
        try container.encode(client)
        try container.encode(server)
    }

    /// Whether it is the same key between the same peers, whatever the client's port.
    func isSame(as other: SentKey) -> Bool {
        length == other.length && client.address == other.client.address && server == other.server
            && words.indices.allSatisfy { words[$0] == other.words[$0] }
    }

    /// Whether nobody else has it by chance: it has the length of sixteen bytes, and is not the one that RFC 6455 shows, which is
    /// typed into many tools.
    var isRandom: Bool { length == SentKey.usualLength && words[0] != SentKey.exampleStart }

    private static let usualLength = 24
    /// `dGhlIHNh`
    private static let exampleStart: UInt64 = 0x6447_686C_4948_4E68

    /// A number for it, whoever sent it.
    func textHash(seed: UInt64) -> UInt64 {
        FlowKey.mix(FlowKey.mix(words[0] ^ seed, words[1] ^ ~seed), words[2] ^ words[3])
    }

    /// Whether it is the same key, whoever sent it.
    func hasText(of other: SentKey) -> Bool {
        length == other.length && words.indices.allSatisfy { words[$0] == other.words[$0] }
    }

    /// What is wrong where another connection had the same key.
    func violation(sinceConnection earlier: Int) -> Violation {
        Violation(
            .requestKeyReused, by: .client, "connection \(earlier) had the same key",
            [Evidence("key", .text(text)), Evidence("connection", .number(UInt64(earlier)))])
    }

    /// The key as it was sent.
    private var text: String {
        let bytes = (0..<length).map { place in
            let isInLastWord = place >> 3 == (length - 1) >> 3
            let behind = isInLastWord ? length - 1 - place : 7 - place & 7
            return UInt8(truncatingIfNeeded: words[place >> 3] >> UInt64(behind * 8))
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

extension Handshake {
    /// The key that its client chose.
    var sentKey: SentKey? {
        guard let bytes = request?.fields.firstBytes(.webSocketKey) else { return nil }
        return SentKey(bytes.span.bytes, from: client, to: server)
    }

    /// Whether nobody else has its key by chance.
    package var isKeyRandom: Bool { sentKey?.isRandom ?? false }
}
