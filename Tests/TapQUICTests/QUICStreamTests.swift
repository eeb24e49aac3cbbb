import TapCore
import TapQUIC
import TapSecurity
import TapTestSupport
import Testing

@Suite("Streams of QUIC")
struct QUICStreamTests {
    static let versions = [QUICBytes.version1, QUICBytes.version2]

    @Test("are read where packets leave the fixed bit unset, alone or behind others (RFC 9287)")
    func greased() throws {
        let talk = try QUICTalk()
        var recording = QUICRecording(keys: talk.keys)
        let (initial, encrypted) = (
            try #require(talk.sealers["server"]), try #require(talk.sealers[QUICTalk.labels[1]])
        )
        let data = try #require(talk.sealers[QUICTalk.labels[3]])
        recording.receive(try talk.handshake()[0].1, from: .fromFirst)
        recording.receive(
            initial.long(.initial, to: [1], from: QUICTalk.serverID, 0, QUICBytes.crypto(QUICBytes.serverHello()))
                + encrypted.long(
                    .handshake, to: [1], from: QUICTalk.serverID, 0,
                    QUICBytes.crypto(QUICBytes.encryptedExtensions(protocol: "h3")), hasFixedBit: false)
                + data.short(to: [1], 0, QUICBytes.stream(3, [7, 7]), hasFixedBit: false), from: .fromSecond)
        let client = try #require(talk.sealers[QUICTalk.labels[2]])
        recording.receive(
            client.short(to: QUICTalk.serverID, 0, QUICBytes.stream(0, [1, 2, 3]), hasFixedBit: false), from: .fromFirst
        )
        #expect(recording.streams == ["3 fromSecond": [7, 7], "0 fromFirst": [1, 2, 3]])
    }

    @Test("are read where several packets were captured as one datagram", arguments: [1, 2, 5])
    func joined(count: Int) throws {
        let talk = try QUICTalk()
        var recording = try talk.recording()
        var datagram: [UInt8] = []
        for number in 0..<count {
            let part = [UInt8](repeating: UInt8(number), count: 600)
            // All are equally long.
            let frames = QUICBytes.stream(0, part, at: 600 * number) + (number == 0 ? [0] : [])
            datagram += try talk.client(UInt64(number), frames)
        }
        // The last one may be shorter.
        datagram += try talk.client(UInt64(count), QUICBytes.stream(0, [9], at: 600 * count, isLast: true))
        recording.receive(datagram, from: .fromFirst)
        #expect(recording.streams["0 fromFirst"]?.count == 600 * count + 1)
    }

    @Test("are read in both versions, with each cipher", arguments: versions, [UInt16(0x1301), 0x1302, 0x1303])
    func read(version: UInt32, suite: UInt16) throws {
        let talk = try QUICTalk(version: version, suite: suite)
        var recording = try talk.recording()
        recording.receive(try talk.client(0, QUICBytes.stream(0, [1, 2, 3])), from: .fromFirst)
        recording.receive(try talk.server(0, QUICBytes.stream(0, [4], isLast: true)), from: .fromSecond)
        #expect(recording.streams == ["0 fromFirst": [1, 2, 3], "0 fromSecond": [4]])
        #expect(recording.connection.facts.tls.applicationProtocol == "h3")
        #expect(recording.events == ["hello", "dataBegins", "ended 0 fromSecond"])
        #expect(recording.finish() == nil)
    }

    @Test("are the same in whatever order datagrams come, twice or cut anywhere")
    func order() throws {
        let talk = try QUICTalk()
        let bytes = SeededGenerator.bytes(200, seed: 1)
        for seed in 0..<100 {
            var datagrams: [[UInt8]] = []
            var offset = 0
            let cuts = SeededGenerator.bytes(50, seed: seed)
            while offset < bytes.count {
                let end = min(bytes.count, offset + 1 + Int(cuts[datagrams.count % 50]) % 40)
                let frame = QUICBytes.stream(0, bytes[offset..<end], at: offset, isLast: end == bytes.count)
                datagrams.append(try talk.client(UInt64(datagrams.count), frame))
                offset = end
            }
            let order = datagrams.indices.sorted { cuts[$0 % 50] &+ UInt8($0) < cuts[$1 % 50] &+ UInt8($1) }
            var recording = try talk.recording()
            for index in order + order { recording.receive(datagrams[index], from: .fromFirst) }
            #expect(recording.streams["0 fromFirst"] == bytes && recording.events.last == "ended 0 fromFirst")
            #expect(recording.heldBytes == 0)
        }
    }

    @Test("packets that come before the handshake wait for it")
    func early() throws {
        let talk = try QUICTalk()
        var recording = QUICRecording(keys: talk.keys)
        let handshake = try talk.handshake()
        recording.receive(handshake[0].1, from: .fromFirst)
        recording.receive(try talk.server(0, QUICBytes.stream(3, [1])), from: .fromSecond)
        #expect(recording.streams.isEmpty && recording.heldBytes > 0)
        recording.receive(handshake[1].1, from: .fromSecond)
        #expect(recording.streams == ["3 fromSecond": [1]] && recording.heldBytes == 0)
    }

    @Test("what the receiver has and the capture has not is missed once it cannot come any more")
    func missing() throws {
        let talk = try QUICTalk()
        var recording = try talk.recording()
        recording.receive(try talk.client(0, QUICBytes.stream(0, [1])), from: .fromFirst)
        recording.receive(try talk.client(2, QUICBytes.stream(0, [4, 5], at: 3)), from: .fromFirst)
        recording.receive(try talk.server(0, QUICBytes.acknowledgment(0...2)), from: .fromSecond, at: 10)
        #expect(recording.streams["0 fromFirst"] == [1])
        recording.receive(try talk.server(1, [1]), from: .fromSecond, at: 200)
        #expect(recording.streams["0 fromFirst"] == [1, 4, 5])
        #expect(recording.events == ["hello", "dataBegins", "packetsMissing", "missed 2 of 0 fromFirst"])
    }

    @Test("bytes beyond the end of a stream are dropped, and not held", arguments: [0, 2] as [UInt64])
    func beyondEnd(stream: UInt64) throws {
        let talk = try QUICTalk()
        var recording = try talk.recording()
        recording.receive(try talk.client(0, QUICBytes.stream(stream, [7, 8], at: 5)), from: .fromFirst)
        #expect(recording.heldBytes > 0)
        recording.receive(try talk.client(1, QUICBytes.stream(stream, [1], isLast: true)), from: .fromFirst)
        #expect(recording.heldBytes == 0 && recording.streams["\(stream) fromFirst"] == [1])
        #expect(recording.finish() == nil && recording.streams["\(stream) fromFirst"] == [1])
    }

    @Test("what nobody has received is waited for")
    func retransmitted() throws {
        let talk = try QUICTalk()
        var recording = try talk.recording()
        recording.receive(try talk.client(1, QUICBytes.stream(0, [3], at: 2)), from: .fromFirst)
        recording.receive(try talk.server(0, QUICBytes.acknowledgment(1...1)), from: .fromSecond, at: 10)
        recording.receive(try talk.server(1, [1]), from: .fromSecond, at: 5_000)
        recording.receive(try talk.client(2, QUICBytes.stream(0, [1, 2])), from: .fromFirst, at: 5_001)
        #expect(recording.streams["0 fromFirst"] == [1, 2, 3])
        #expect(recording.events == ["hello", "dataBegins"])
    }

    /// One packet of another stream is missing, and known to be since long.
    private func afterLoss(_ talk: QUICTalk) throws -> QUICRecording {
        var recording = try talk.recording()
        recording.receive(try talk.client(0, QUICBytes.stream(0, [1])), from: .fromFirst)
        recording.receive(try talk.client(2, QUICBytes.stream(0, [2], at: 1)), from: .fromFirst)
        recording.receive(try talk.server(0, QUICBytes.acknowledgment(0...2)), from: .fromSecond, at: 10)
        return recording
    }

    @Test("after a loss, what the receiver has not either is still waited for: it will be sent again")
    func retransmittedAfterLoss() throws {
        let talk = try QUICTalk()
        var recording = try afterLoss(talk)
        recording.receive(try talk.client(4, QUICBytes.stream(0, [4], at: 3)), from: .fromFirst, at: 200)
        recording.receive(try talk.server(1, QUICBytes.acknowledgment(4...4)), from: .fromSecond, at: 201)
        recording.receive(try talk.server(2, [1]), from: .fromSecond, at: 900)
        #expect(recording.streams["0 fromFirst"] == [1, 2])
        recording.receive(try talk.client(5, QUICBytes.stream(0, [3], at: 2)), from: .fromFirst, at: 901)
        #expect(recording.streams["0 fromFirst"] == [1, 2, 3, 4])
        #expect(recording.events == ["hello", "dataBegins", "packetsMissing"])
    }

    @Test("after a loss, packets may still come in another order")
    func reorderedAfterLoss() throws {
        let talk = try QUICTalk()
        var recording = try afterLoss(talk)
        recording.receive(try talk.client(4, QUICBytes.stream(0, [4], at: 3)), from: .fromFirst, at: 200)
        recording.receive(try talk.server(1, QUICBytes.acknowledgment(2...4)), from: .fromSecond, at: 201)
        recording.receive(try talk.client(3, QUICBytes.stream(0, [3], at: 2)), from: .fromFirst, at: 202)
        #expect(recording.streams["0 fromFirst"] == [1, 2, 3, 4])
        recording.receive(try talk.server(2, [1]), from: .fromSecond, at: 900)
        #expect(recording.events == ["hello", "dataBegins", "packetsMissing", "packetsMissing"])
    }

    @Test("what is sent again is not waited for without end")
    func neverRetransmitted() throws {
        let talk = try QUICTalk()
        var recording = try afterLoss(talk)
        recording.receive(try talk.client(4, QUICBytes.stream(0, [4], at: 3)), from: .fromFirst, at: 200)
        recording.receive(try talk.server(1, [1]), from: .fromSecond, at: 1_199)
        #expect(recording.streams["0 fromFirst"] == [1, 2])
        recording.receive(try talk.server(2, [1]), from: .fromSecond, at: 1_200)
        #expect(recording.streams["0 fromFirst"] == [1, 2, 4])
        #expect(recording.events.last == "missed 1 of 0 fromFirst")
    }

    @Test("each of several losses is known", arguments: [1, 2, 5, 63])
    func losses(count: Int) throws {
        let talk = try QUICTalk()
        var recording = try talk.recording()
        recording.receive(try talk.client(0, QUICBytes.stream(0, [0])), from: .fromFirst)
        for loss in 1...count {
            let number = UInt64(2 * loss)
            recording.receive(
                try talk.client(number, QUICBytes.stream(0, [UInt8(loss)], at: 2 * loss)), from: .fromFirst, at: 10)
        }
        try #require(recording.streams["0 fromFirst"] == [0])
        recording.receive(
            try talk.server(0, QUICBytes.acknowledgment(0...UInt64(2 * count))), from: .fromSecond, at: 11)
        recording.receive(try talk.server(1, [1]), from: .fromSecond, at: 40)
        #expect(recording.streams["0 fromFirst"] == [UInt8](0...UInt8(count)))
        #expect(recording.events.filter { $0 == "missed 1 of 0 fromFirst" }.count == count)
    }

    @Test("keys may be updated, also more than once, and packets of the keys before come late")
    func updates() throws {
        let talk = try QUICTalk()
        var recording = try talk.recording()
        recording.receive(try talk.client(0, QUICBytes.stream(0, [1])), from: .fromFirst)
        var secret = Secret(copying: QUICTalk.secret(QUICTalk.labels[2], talk.suite).span.bytes)
        for generation in 1...3 {
            secret = KeyDerivation.nextTrafficSecret(after: secret, .sha256, .quic)
            let sealer = try #require(QUICSealer(talk.version, secret: [UInt8](secret.bytes)))
            // Header protection stays as it was: RFC 9001 §6.
            let updated = try #require(talk.sealers[QUICTalk.labels[2]]).with(packetsOf: sealer)
            recording.receive(
                updated.short(
                    to: QUICTalk.serverID, UInt64(2 * generation),
                    QUICBytes.stream(0, [UInt8(generation + 1)], at: generation),
                    keyPhase: generation % 2 == 1), from: .fromFirst)
        }
        #expect(recording.streams["0 fromFirst"] == [1, 2, 3, 4])
        #expect(recording.connection.packetsUnread(on: .fromFirst) == 0)
    }

    @Test("one whose secret is another's is not read", arguments: versions)
    func wrongKey(version: UInt32) throws {
        let talk = try QUICTalk(version: version)
        var recording = QUICRecording(
            keys: talk.keys.replacing(
                "\(Hex.string(QUICTalk.secret(QUICTalk.labels[2], 0x1301)))", with: String(repeating: "ab", count: 32)))
        for (direction, datagram) in try talk.handshake() { recording.receive(datagram, from: direction) }
        recording.receive(try talk.client(0, QUICBytes.stream(0, [1])), from: .fromFirst)
        #expect(recording.streams.isEmpty && recording.connection.packetsUnread(on: .fromFirst) == 1)
        #expect(recording.finish() == .wrongKey)
    }

    @Test("floods of gaps and of streams are bounded, and told")
    func floods() throws {
        let talk = try QUICTalk()
        var recording = try talk.recording()
        for number in 0..<6_000 {
            let frame = QUICBytes.stream(UInt64(number % 3) * 4, [7], at: 2 * number + 2)
            recording.receive(try talk.client(UInt64(number), frame), from: .fromFirst)
        }
        #expect(recording.heldBytes < 1 << 20)
        #expect(recording.events.contains("limitReached(TapQUIC.QUICLimitKind.heldBytes)"))
        for number in 0..<5_000 {
            let frame = QUICBytes.stream(UInt64(number) * 4 + 100, [7])
            recording.receive(try talk.client(UInt64(6_000 + number), frame), from: .fromFirst)
        }
        #expect(recording.events.contains("limitReached(TapQUIC.QUICLimitKind.streams)"))
        #expect(recording.finish() == nil && recording.heldBytes == 0)
    }
}
