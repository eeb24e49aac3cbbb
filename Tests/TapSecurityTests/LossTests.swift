import TapCore
import TapSecurity
import TapTestSupport
import Testing

@Suite("Bytes that are missing")
struct LossTests {
    private static let fixtures = [
        "tls13-aes-128-gcm-sha256", "tls13-chacha20-poly1305-sha256", "tls13-aes-128-ccm-8-sha256",
        "tls12-ecdhe-rsa-aes128-gcm-sha256", "tls12-ecdhe-rsa-chacha20-poly1305", "tls12-ecdhe-rsa-aes256-sha384",
        "tls11-aes256-sha", "tls10-aes256-sha", "gnutls-tls1.0-aes-128-cbc", "gnutls-tls1.2-3des-cbc-no-etm",
        "tls13-key-updates", "gnutls-tls1.3-aes-128-gcm",
    ]

    /// Where the records of a direction lie among its bytes.
    private static func records(_ bytes: [UInt8]) -> [Range<Int>] {
        var records: [Range<Int>] = []
        var offset = 0
        while let header = RecordHeader(bytes.span.bytes, at: offset), offset + header.recordLength <= bytes.count {
            records.append(offset..<offset + header.recordLength)
            offset += header.recordLength
        }
        return records
    }

    /// The pieces of a conversation without some bytes of one direction.
    private static func pieces(_ pieces: [Piece], without hole: Range<Int>, of direction: TLSDirection) -> [Piece] {
        var offset = 0
        var result: [Piece] = []
        for piece in pieces {
            guard piece.direction == direction else {
                result.append(piece)
                continue
            }
            let range = offset..<offset + piece.bytes.count
            offset = range.upperBound
            let lost = range.clamped(to: hole)
            guard !lost.isEmpty else {
                result.append(piece)
                continue
            }
            let before = Array(piece.bytes[..<(lost.lowerBound - range.lowerBound)])
            let after = Array(piece.bytes[(lost.upperBound - range.lowerBound)...])
            if !before.isEmpty { result.append(Piece(direction, before)) }
            result.append(Piece(direction, after, missing: lost.count))
        }
        return result
    }

    @Test(
        "after any hole what is read is what was written, and only what the hole touched is missing",
        arguments: fixtures)
    func anywhere(name: String) throws {
        let fixture = try Fixture.named(name)
        let connection = fixture.connections[0]
        for direction in TLSDirection.allCases {
            let bytes = connection.pieces.filter { $0.direction == direction }.flatMap(\.bytes)
            let whole = Reading.of(connection.pieces, fixture.context())
            // The last four records carry data: a hole in the handshake is another test's.
            let records = Self.records(bytes)
            let first = records[records.count - 4].lowerBound
            for length in [1, 4, 60, 300] {
                for start in stride(from: first, to: bytes.count - length, by: 17) {
                    let hole = start..<start + length
                    let context = fixture.context()
                    let reading = Reading.of(Self.pieces(connection.pieces, without: hole, of: direction), context)
                    let other = reading.plain(of: direction.opposite)
                    #expect(other == whole.plain(of: direction.opposite))
                    expectPieces(of: whole, in: reading, direction, "\(name) \(direction) \(hole)")
                }
            }
        }
    }

    /// Each received record is one of those of the whole, in their order; the losses stand where some are left out.
    private func expectPieces(of whole: Reading, in reading: Reading, _ direction: TLSDirection, _ what: Comment) {
        var expected = whole.sink.order.filter { $0.direction == direction }.map(\.bytes)[...]
        var gaps = 0
        for received in reading.sink.order where received.direction == direction {
            guard let index = expected.firstIndex(of: received.bytes) else {
                Issue.record(what)
                return
            }
            if index > expected.startIndex { gaps += 1 }
            expected = expected[(index + 1)...]
        }
        if !expected.isEmpty { gaps += 1 }
        let losses = reading.sink.losses.filter { $0.direction == direction }
        #expect(gaps <= 2 && losses.count >= min(gaps, 1), what)
        // An alert or a ticket may be all that is missing.
        #expect(losses.count <= 2, what)
        #expect(expected.count <= 4, what)
    }

    @Test(
        "holes of whole records are gone over, and their records are counted",
        arguments: [1, 2, 50], [UInt16(0x1301), 0x1302, 0x1303])
    func counted(lost: Int, suite: UInt16) throws {
        let session = SealedSession(suite, seed: 3)
        let sealer = session.sealer(ofClient: true)
        let context = TLSContext(keyLog: log(session.keyLog), rsaKeys: [], keysMayCome: false, limits: TLSLimits())
        let records = (0..<200).map { sealer.record(UInt64($0), Array("record \($0)".utf8)) }
        let missing = records[100..<100 + lost].reduce(0) { $0 + $1.count }
        var pieces = records[..<100].map { Piece(.first, $0) }
        pieces.append(Piece(.first, records[100 + lost], missing: missing))
        pieces += records[(101 + lost)...].map { Piece(.first, $0) }
        let reading = Reading.of(pieces, context)
        let expected = (0..<200).filter { !(100..<100 + lost).contains($0) }.map { "record \($0)" }.joined()
        #expect(String(decoding: reading.plain(of: .first), as: UTF8.self) == expected)
        #expect(reading.sink.losses.count == 1)
        let loss = try #require(reading.sink.losses.first?.loss)
        #expect(loss.records == UInt64(lost))
        #expect(loss.wireBytes == missing)
        #expect(loss.plainBytes == (100..<100 + lost).reduce(0) { $0 + "record \($1)".utf8.count })
        #expect(reading.reason == nil)
        #expect(reading.missingBytes(on: .first) == missing)
    }

    @Test("behind a hole the limit of tries is kept where records show their numbers", arguments: [0, 1, 2, 3])
    func limit(tries: Int) throws {
        let fixture = try Fixture.named("gnutls-tls1.2-aes-256-gcm")
        let connection = fixture.connections[0]
        let bytes = connection.pieces.filter { $0.direction == .first }.flatMap(\.bytes)
        let records = Self.records(bytes)
        let pieces = Self.pieces(connection.pieces, without: records[records.count - 2], of: .first)
        var limits = TLSLimits()
        limits.tries = tries
        let reading = Reading.of(pieces, fixture.context(limits: limits))
        // Each direction takes one attempt for its key, and the record behind the hole one for its number.
        #expect(reading.tries == tries)
        #expect(reading.sink.losses.contains { $0.loss.records == 1 } == (tries == 3))
    }

    @Test("a hole that hides a KeyUpdate is gone over")
    func keyUpdate() throws {
        let session = SealedSession(0x1301, seed: 4)
        let (old, new) = (session.sealer(ofClient: true), session.sealer(ofClient: true, updates: 1))
        let context = TLSContext(keyLog: log(session.keyLog), rsaKeys: [], keysMayCome: false, limits: TLSLimits())
        var records = (0..<20).map { old.record(UInt64($0), Array("old \($0)".utf8)) }
        records.append(old.record(20, [24, 0, 0, 1, 0], type: ContentType.handshake))
        records += (0..<20).map { new.record(UInt64($0), Array("new \($0)".utf8)) }
        let lost = 18..<25
        let missing = records[lost].reduce(0) { $0 + $1.count }
        let pieces =
            records[..<18].map { Piece(.first, $0) } + [Piece(.first, records[25], missing: missing)]
            + records[26...].map { Piece(.first, $0) }
        let reading = Reading.of(pieces, context)
        let expected = (0..<18).map { "old \($0)" }.joined() + (4..<20).map { "new \($0)" }.joined()
        #expect(String(decoding: reading.plain(of: .first), as: UTF8.self) == expected)
    }

    @Test("where the server's hello is missing, TLS 1.2 says so and TLS 1.3 is read")
    func hello() throws {
        for (name, reason) in [
            ("tls12-ecdhe-rsa-aes128-gcm-sha256", TLSUnreadReason.bytesMissing), ("tls13-padding", nil),
        ] {
            let fixture = try Fixture.named(name)
            let connection = fixture.connections[0]
            let bytes = connection.pieces.filter { $0.direction == .second }.flatMap(\.bytes)
            let hello = try #require(Self.records(bytes).first)
            let pieces = Self.pieces(connection.pieces, without: hello, of: .second)
            let reading = Reading.of(pieces, fixture.context())
            #expect(reading.reason == reason, "\(name)")
            if reason == nil {
                #expect(reading.plain(of: .first) == connection.plain(of: .first))
                #expect(reading.plain(of: .second) == connection.plain(of: .second))
            } else {
                #expect(reading.sink.order.isEmpty)
            }
        }
    }

    @Test("one direction alone is read in TLS 1.3", arguments: TLSDirection.allCases)
    func alone(direction: TLSDirection) throws {
        for name in ["tls13-aes-128-gcm-sha256", "tls13-traffic-secrets-only", "tls13-chacha20-poly1305-sha256"] {
            let fixture = try Fixture.named(name)
            let connection = fixture.connections[0]
            let pieces = connection.pieces.filter { $0.direction == direction }
            let reading = Reading.of(pieces, fixture.context())
            #expect(reading.plain(of: direction) == connection.plain(of: direction), "\(name)")
        }
    }

    @Test("holes that wait are bounded, too")
    func heldHoles() {
        var limits = TLSLimits()
        limits.heldBytes = 10_000
        let context = TLSContext(keyLog: log(""), rsaKeys: [], keysMayCome: true, limits: limits)
        let record = SealedSession(0x1301, seed: 5).sealer(ofClient: true).record(0, [1])
        let reading = Reading()
        reading.feed([Piece(.first, record)] + (0..<10_000).map { _ in Piece(.first, [], missing: 10) }, context)
        #expect(context.heldBytes <= 10_000)
        reading.finish(context)
        #expect(context.heldBytes == 0)
        #expect(reading.missingBytes(on: .first) == 100_000)
    }

    @Test("what waits is bounded, and what comes after the limit is a hole")
    func held() throws {
        let session = SealedSession(0x1301, seed: 5)
        let sealer = session.sealer(ofClient: true)
        var limits = TLSLimits()
        limits.heldBytes = 10_000
        let context = TLSContext(keyLog: log(""), rsaKeys: [], keysMayCome: true, limits: limits)
        let records = (0..<500).map { sealer.record(UInt64($0), [UInt8](repeating: UInt8($0 & 0xFF), count: 100)) }
        let reading = Reading()
        reading.feed(records[..<400].map { Piece(.first, $0) }, context)
        #expect(context.heldBytes <= 10_000)
        #expect(context.droppedBytes > 30_000)
        add(session.keyLog, to: context.keyLog)
        reading.retry(context)
        #expect(context.heldBytes == 0)
        reading.feed(records[400...].map { Piece(.first, $0) }, context)
        reading.finish(context)
        let numbers = reading.sink.order.map { Int($0.bytes[0]) }
        let first = numbers.prefix { $0 == numbers.first ?? 0 || $0 < 200 }.count
        #expect(first > 50)
        #expect(numbers.suffix(100) == (400..<500).map { $0 & 0xFF }[...])
        #expect(reading.sink.losses.count == 1)
        #expect(reading.sink.losses.first?.loss.records == UInt64(400 - (numbers.count - 100)))
    }
}
