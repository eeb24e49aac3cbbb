import TapCore
import TapHTTP2
import TapTestSupport
import Testing

@Suite("Header blocks")
struct FieldTests {
    typealias Field = HTTP2FieldEncoder.Field

    /// A block of RFC 7541 Appendix C, what it says, and how large the table is then.
    struct Vector: Sendable, CustomTestStringConvertible {
        let section: String
        let blocks: [(hex: String, fields: String)]
        var testDescription: String { "RFC 7541 §\(section)" }
    }

    static let vectors = [
        Vector(
            section: "C.2.1",
            blocks: [("400a637573746f6d2d6b65790d637573746f6d2d686561646572", "custom-key: custom-header")]),
        Vector(section: "C.2.2", blocks: [("040c2f73616d706c652f70617468", ":path: /sample/path")]),
        Vector(section: "C.2.3", blocks: [("100870617373776f726406736563726574", "password: secret")]),
        Vector(section: "C.2.4", blocks: [("82", ":method: GET")]),
        Vector(
            section: "C.3",
            blocks: [
                (
                    "828684410f7777772e6578616d706c652e636f6d",
                    ":method: GET, :scheme: http, :path: /, :authority: www.example.com"
                ),
                (
                    "828684be58086e6f2d6361636865",
                    ":method: GET, :scheme: http, :path: /, :authority: www.example.com, cache-control: no-cache"
                ),
                (
                    "828785bf400a637573746f6d2d6b65790c637573746f6d2d76616c7565",
                    ":method: GET, :scheme: https, :path: /index.html, :authority: www.example.com, custom-key: custom-value"
                ),
            ]),
        Vector(
            section: "C.4",
            blocks: [
                (
                    "828684418cf1e3c2e5f23a6ba0ab90f4ff",
                    ":method: GET, :scheme: http, :path: /, :authority: www.example.com"
                ),
                (
                    "828684be5886a8eb10649cbf",
                    ":method: GET, :scheme: http, :path: /, :authority: www.example.com, cache-control: no-cache"
                ),
                (
                    "828785bf408825a849e95ba97d7f8925a849e95bb8e8b4bf",
                    ":method: GET, :scheme: https, :path: /index.html, :authority: www.example.com, custom-key: custom-value"
                ),
            ]),
        // A table of 256 bytes, as the size at the beginning says, which the vectors leave to SETTINGS.
        Vector(
            section: "C.5",
            blocks: [
                (
                    "3fe101"
                        + "4803333032580770726976617465611d4d6f6e2c203231204f637420323031332032303a31333a323120474d54"
                        + "6e1768747470733a2f2f7777772e6578616d706c652e636f6d",
                    ":status: 302, cache-control: private, date: Mon, 21 Oct 2013 20:13:21 GMT, location: https://www.example.com"
                ),
                (
                    "4803333037c1c0bf",
                    ":status: 307, cache-control: private, date: Mon, 21 Oct 2013 20:13:21 GMT, location: https://www.example.com"
                ),
                (
                    "88c1611d4d6f6e2c203231204f637420323031332032303a31333a323220474d54c05a04677a69707738666f6f3d4153444a4b48"
                        + "514b425a584f5157454f50495541585157454f49553b206d61782d6167653d333630303b2076657273696f6e3d31",
                    ":status: 200, cache-control: private, date: Mon, 21 Oct 2013 20:13:22 GMT, location: https://www.example.com, "
                        + "content-encoding: gzip, set-cookie: foo=ASDJKHQKBZXOQWEOPIUAXQWEOIU; max-age=3600; version=1"
                ),
            ]),
        Vector(
            section: "C.6",
            blocks: [
                (
                    "3fe101"
                        + "488264025885aec3771a4b6196d07abe941054d444a8200595040b8166e082a62d1bff6e919d29ad171863c78f0b97c8"
                        + "e9ae82ae43d3",
                    ":status: 302, cache-control: private, date: Mon, 21 Oct 2013 20:13:21 GMT, location: https://www.example.com"
                ),
                (
                    "4883640effc1c0bf",
                    ":status: 307, cache-control: private, date: Mon, 21 Oct 2013 20:13:21 GMT, location: https://www.example.com"
                ),
                (
                    "88c16196d07abe941054d444a8200595040b8166e084a62d1bffc05a839bd9ab77ad94e7821dd7f2e6c7b335dfdfcd5b3960d5af27"
                        + "087f3672c1ab270fb5291f9587316065c003ed4ee5b1063d5007",
                    ":status: 200, cache-control: private, date: Mon, 21 Oct 2013 20:13:22 GMT, location: https://www.example.com, "
                        + "content-encoding: gzip, set-cookie: foo=ASDJKHQKBZXOQWEOPIUAXQWEOIU; max-age=3600; version=1"
                ),
            ]),
    ]

    @Test("the vectors of the specification are decoded, whole and byte by byte", arguments: vectors)
    func specification(vector: Vector) throws {
        for isWhole in [true, false] {
            let inflater = try #require(FieldInflater(largestTable: 4_096, placeholders: 0))
            for block in vector.blocks {
                let bytes = Self.bytes(block.hex)
                var fields = FieldBlock(limit: 65_536)
                for piece in isWhole ? [bytes] : bytes.map({ [$0] }) {
                    let isDecoded = inflater.decode(piece.span.bytes, isLast: false, into: &fields)
                    try #require(isDecoded)
                }
                let isDecoded = inflater.decode([UInt8]().span.bytes, isLast: true, into: &fields)
                #expect(isDecoded)
                let all = fields.pseudoFields + fields.fields.all
                #expect(all.map { "\($0.name): \($0.value)" }.joined(separator: ", ") == block.fields)
            }
        }
    }

    private static func bytes(_ hex: String) -> [UInt8] {
        let digits = hex.utf8.compactMap { Hex.value(ofDigit: $0) }
        return stride(from: 0, to: digits.count, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
    }

    // MARK: In the middle

    /// Blocks of some peer: fields that come again, some of them only later, with sizes of the table that change.
    static func blocks(seed: Int, largest: Int) -> [(bytes: [UInt8], fields: [Field])] {
        var generator = SeededGenerator(seed: seed)
        var encoder = HTTP2FieldEncoder()
        return (0..<60).map { _ in
            var bytes: [UInt8] = []
            if generator.oneIn(8) { bytes += encoder.resize(to: generator.length(upTo: largest)) }
            let fields: [Field] = (0..<Int.random(in: 1...8, using: &generator)).map { _ in
                let length = generator.oneIn(10) ? 200 : 8
                return (
                    "name-\(generator.length(upTo: 40))",
                    String(repeating: "v", count: generator.length(upTo: length)) + "\(generator.length(upTo: 20))"
                )
            }
            for field in fields {
                let form = HTTP2FieldEncoder.Form.allCases[
                    generator.oneIn(4) ? Int.random(in: 1...2, using: &generator) : 0]
                bytes += encoder.field(field, form)
            }
            return (bytes, fields)
        }
    }

    @Test(
        "what is decoded from the middle on is what was sent, or is said to be unknown", arguments: 0..<20,
        [4_096, 65_536])
    func inside(seed: Int, largest: Int) throws {
        let blocks = Self.blocks(seed: seed, largest: largest)
        for start in stride(from: 1, to: blocks.count, by: 7) {
            let inflater = try #require(FieldInflater(largestTable: 65_536, placeholders: largest))
            var known = 0
            for block in blocks[start...] {
                var fields = FieldBlock(limit: 65_536)
                let isDecoded = inflater.decode(block.bytes.span.bytes, isLast: true, into: &fields)
                #expect(isDecoded)
                let found = fields.fields.all.map { "\($0.name): \($0.value)" }
                let sent = block.fields.map { "\($0.name): \($0.value)" }
                #expect(found.count + fields.unknown == sent.count)
                #expect(isSubsequence(found, of: sent))
                known += found.count
            }
            #expect(known > 0 || start > 1)
        }
    }

    private func isSubsequence(_ found: [String], of sent: [String]) -> Bool {
        var rest = sent[...]
        for field in found {
            guard let index = rest.firstIndex(of: field) else { return false }
            rest = rest[(index + 1)...]
        }
        return true
    }

    @Test("an index beyond the usual table is taken to be one of a larger one, and what follows is decoded")
    func larger() throws {
        var encoder = HTTP2FieldEncoder()
        _ = encoder.resize(to: 65_536)
        for number in 0..<300 { _ = encoder.block([("early-\(number)", "x")]) }
        let pieces: [Piece] = [
            .client(
                HTTP2Bytes.headers(encoder.block([("early-0", "x")] + Talk.get), on: 101, ends: true),
                HTTP2Bytes.ping, HTTP2Bytes.windowUpdate(1), HTTP2Bytes.windowUpdate(1)),
            .client(HTTP2Bytes.headers(encoder.block(Talk.request()), on: 103)),
            .client(HTTP2Bytes.headers(encoder.block([("early-1", "x")] + Talk.request()), on: 105)),
        ]
        let reading = Reading(pieces, .inside(client: .fromFirst))
        #expect(reading.counts.lostBlocks == 1)
        // The first block failed at its first field; what it inserted is unknown to the following ones.
        let last = try #require(reading.sink.requests.last)
        #expect(last.stream == HTTP2StreamID(105))
        #expect(last.unknownFields > 0)
        #expect(last.path == "/ws")
    }

    @Test("a table larger than its receiver allowed is a violation, and one that it allowed is none")
    func tooLarge() {
        for allowed in [false, true] {
            var client = HTTP2FieldEncoder()
            let server = HTTP2Bytes.settings([(8, 1)] + (allowed ? [(1, 10_000)] : []))
            let sink = Reading([
                Talk.opening[0], .server(server),
                .client(HTTP2Bytes.headers(client.resize(to: 10_000) + client.block(Talk.request()), on: 1)),
            ]).sink
            #expect(sink.requests.count == 1)
            #expect(sink.rules == (allowed ? [] : [.tableTooLarge]))
        }
    }

    @Test("a block that is none is a violation, and later ones are as in the middle")
    func broken() throws {
        var client = HTTP2FieldEncoder()
        let first = HTTP2Bytes.headers(client.block(Talk.request()), on: 1)
        let sink = Reading(
            Talk.opening + [
                .client(first, HTTP2Bytes.headers([0xFF, 0xFF, 0xFF, 0xFF, 0x0F], on: 3)),
                .client(HTTP2Bytes.headers(client.block(Talk.request()), on: 5)),
            ]
        ).sink
        #expect(sink.rules == [.fieldsNotDecodable])
        let last = try #require(sink.requests.last)
        #expect(last.stream == HTTP2StreamID(5))
        #expect(last.unknownFields == 7)
        #expect(last.path == nil)
    }
}
