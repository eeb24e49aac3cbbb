import TapCore
import TapSecurity
import TapTestSupport
import Testing

@Suite("TLS of real peers")
struct PeerTests {
    @Test("each fixture can be read")
    func all() { #expect(Fixture.all.count >= 65) }

    @Test("what is read is what the peers read and wrote", arguments: Fixture.all)
    func whole(fixture: Fixture) throws {
        let context = fixture.context()
        for connection in fixture.connections {
            let reading = Reading.of(connection.pieces, context)
            try check(reading, connection, fixture)
        }
    }

    @Test("where bytes are cut changes nothing", arguments: Fixture.all)
    func cut(fixture: Fixture) throws {
        var generator = SeededGenerator(seed: 7)
        let isShort = fixture.keylog.utf8.count + fixture.connections.reduce(0) { $0 + $1.client.count } < 4_000
        for size in isShort ? [1, 2, 3, 7, 100, 0] : [1, 0] {
            let context = fixture.context()
            for connection in fixture.connections {
                let pieces = connection.pieces.flatMap { piece in
                    split(piece, size, &generator)
                }
                try check(Reading.of(pieces, context), connection, fixture)
            }
        }
    }

    @Test("keys that come after everything else give the same", arguments: Fixture.all)
    func late(fixture: Fixture) throws {
        guard fixture.reason == nil, fixture.rsaKey == nil else { return }
        let context = TLSContext(
            keyLog: log("# nothing yet\n"), rsaKeys: [], keysMayCome: true, limits: TLSLimits())
        let readings = fixture.connections.map { connection in
            let reading = Reading()
            reading.feed(connection.pieces, context)
            return reading
        }
        // A premaster secret needs the handshake's messages, which are not kept where no such secret was there.
        if fixture.name.contains("label") { return }
        #expect(readings.allSatisfy { $0.sink.order.isEmpty })
        #expect(context.heldBytes > 0 || fixture.name.hasPrefix("alert"))
        add(fixture.keylog, to: context.keyLog)
        for index in readings.indices {
            readings[index].retry(context)
            readings[index].finish(context)
            try check(readings[index], fixture.connections[index], fixture)
        }
        #expect(context.heldBytes == 0)
    }

    private func check(_ reading: Reading, _ connection: Fixture.Connection, _ fixture: Fixture) throws {
        let facts = reading.facts
        if let reason = fixture.reason {
            #expect(reading.reason?.rawValue == reason)
            #expect(reading.sink.order.isEmpty)
        } else if fixture.oneSide == "client" {
            #expect(reading.plain(of: .first) == connection.plain(of: .first))
            #expect(reading.plain(of: .second).isEmpty)
            #expect(reading.reason == .noKey)
        } else {
            #expect(reading.plain(of: .first) == connection.plain(of: .first))
            #expect(reading.plain(of: .second) == connection.plain(of: .second))
            #expect(reading.reason == nil)
            #expect(reading.sink.losses.isEmpty)
        }
        #expect(reading.clientDirection == .first)
        if let version = fixture.version { #expect(facts.version?.name == version) }
        if let suite = fixture.suite { #expect(facts.suite?.rawValue == suite) }
        if let name = fixture.serverName { #expect(facts.serverName == name) }
        // Without the server's secrets nobody knows what was agreed in TLS 1.3.
        let tellsProtocol = facts.version != .tls13 || fixture.keylog.contains("SERVER_HANDSHAKE")
        if let alpn = fixture.alpn, tellsProtocol { #expect(facts.applicationProtocol == alpn) }
        #expect(reading.sink.ends.count == 2)
    }

    /// Pieces of so many bytes, or of some length where that is 0.
    private func split(_ piece: Piece, _ size: Int, _ generator: inout SeededGenerator) -> [Piece] {
        var pieces: [Piece] = []
        var start = 0
        while start < piece.bytes.count {
            let length = size > 0 ? size : Int.random(in: 1...1_500, using: &generator)
            let end = min(start + length, piece.bytes.count)
            pieces.append(Piece(piece.direction, Array(piece.bytes[start..<end])))
            start = end
        }
        return pieces
    }

    @Test(
        "alerts are reported by name",
        arguments: [
            ("alert-tls12", "unknown_ca"), ("alert-tls13", "unknown_ca"), ("tls12-renegotiation", "close_notify"),
            ("tls12-large", "decode_error"),
        ])
    func alerts(name: String, alert: String) throws {
        let fixture = try Fixture.named(name)
        let reading = Reading.of(fixture.connections[0].pieces, fixture.context())
        #expect(reading.sink.alerts.contains(alert))
    }

    @Test("early data that the server does not take is not given")
    func rejected() throws {
        let fixture = try Fixture.named("tls13-early-data-rejected")
        let context = fixture.context()
        let readings = fixture.connections.map { Reading.of($0.pieces, context) }
        #expect(readings[1].recordsUnread(on: .first) > 0)
        #expect(!String(decoding: readings[1].plain(of: .first), as: UTF8.self).contains("/early"))
    }

    @Test("early data is given before what the server answers")
    func early() throws {
        let fixture = try Fixture.named("tls13-early-data")
        let context = fixture.context()
        let readings = fixture.connections.map { Reading.of($0.pieces, context) }
        #expect(String(decoding: readings[1].sink.order[0].bytes, as: UTF8.self).hasPrefix("GET /early"))
    }

    @Test("keys are told by where they came from")
    func sources() throws {
        let fixture = try Fixture.named("tls13-aes-128-gcm-sha256")
        let context = TLSContext(keyLog: log(""), rsaKeys: [], keysMayCome: false, limits: TLSLimits())
        add(fixture.keylog, to: context.keyLog, from: .capture)
        let fromCapture = Reading.of(fixture.connections[0].pieces, context).facts.keys
        let fromLog = Reading.of(fixture.connections[0].pieces, fixture.context()).facts.keys
        let rsa = try Fixture.named("tls12-static-rsa-key")
        let fromKey = Reading.of(rsa.connections[0].pieces, rsa.context()).facts.keys
        #expect(fromCapture == .capture)
        #expect(fromLog == .keyLog)
        #expect(fromKey == .rsaKey)
    }

    @Test(
        "premaster secrets are told by where they came from",
        arguments: ["tls12-static-rsa-key-premaster-label", "tls12-static-rsa-key-rsa-label"],
        [(KeySource.keyLog, TLSFacts.Keys.keyLog), (.capture, .capture)])
    func premasters(name: String, row: (source: KeySource, keys: TLSFacts.Keys)) throws {
        let fixture = try Fixture.named(name)
        let context = TLSContext(keyLog: log(""), rsaKeys: [], keysMayCome: false, limits: TLSLimits())
        add(fixture.keylog, to: context.keyLog, from: row.source)
        let reading = Reading.of(fixture.connections[0].pieces, context)
        #expect(reading.facts.keys == row.keys)
    }

    @Test("secrets of the handshake that fit do not hide that those of application data are wrong")
    func wrongTrafficKey() throws {
        let fixture = try Fixture.named("tls13-aes-128-gcm-sha256")
        let lines = fixture.keylog.split(separator: "\n").map { line in
            guard line.contains("TRAFFIC_SECRET_0") else { return String(line) }
            let words = line.split(separator: " ")
            return "\(words[0]) \(words[1]) \(String(repeating: "0", count: words[2].count))"
        }
        try #require(lines.contains { $0.hasSuffix("00000000") })
        let context = TLSContext(
            keyLog: log(lines.joined(separator: "\n") + "\n"), rsaKeys: [], keysMayCome: false, limits: TLSLimits())
        let reading = Reading.of(fixture.connections[0].pieces, context)
        #expect(reading.reason == .wrongKey)
        #expect(reading.plain(of: .first).isEmpty && reading.plain(of: .second).isEmpty)
    }

    @Test("a secret of another session opens nothing")
    func wrongKey() throws {
        let (fixture, other) = try (Fixture.named("tls13-aes-128-gcm-sha256"), Fixture.named("tls13-padding"))
        let own = fixture.keylog.split(separator: "\n").filter { $0.contains("TRAFFIC") }
        let foreign = other.keylog.split(separator: "\n")
        let random = own[0].split(separator: " ")[1]
        let mixed = foreign.filter { $0.contains("TRAFFIC") }.map { line in
            let words = line.split(separator: " ")
            return "\(words[0]) \(random) \(words[2].prefix(64))"
        }
        let context = TLSContext(
            keyLog: log(mixed.joined(separator: "\n")), rsaKeys: [], keysMayCome: false, limits: TLSLimits())
        let reading = Reading.of(fixture.connections[0].pieces, context)
        #expect(reading.reason == .wrongKey)
        #expect(reading.sink.order.isEmpty)
    }

    @Test("few contexts serve many connections", arguments: [1, 2, 7])
    func pool(limit: Int) throws {
        let fixture = try Fixture.named("tls12-large")
        var limits = TLSLimits()
        limits.ciphers = limit
        let context = fixture.context(limits: limits)
        let readings = (0..<5).map { _ in Reading() }
        for piece in fixture.connections[0].pieces {
            for index in readings.indices { readings[index].feed([piece], context) }
        }
        for index in readings.indices {
            readings[index].finish(context)
            try check(readings[index], fixture.connections[0], fixture)
        }
        #expect(context.cipherSetUps > 10)
    }
}
