import TapCore
import TapQUIC
import TapSecurity
import TapTestSupport
import Testing

@Suite("The hellos of QUIC")
struct QUICHelloTests {
    static let clientID: [UInt8] = [0x83, 0x94, 0xC8, 0xF0, 0x3E, 0x51, 0x57, 0x08]
    static let versions = [QUICBytes.version1, QUICBytes.version2]
    static let random = [UInt8](1...32)

    private static func sealer(_ version: UInt32, _ sender: String) throws -> QUICSealer {
        try #require(QUICSealer.initial(version, of: sender, clientID: clientID))
    }

    @Test("keys are those of RFC 9001 §A.1")
    func keys() throws {
        let salt = QUICBytes.bytes(ofHex: "38762cf7f55934b34d179ae6a4c80cadccbb7f0a")
        let common = KeyDerivation.extract(.sha256, salt: salt, from: Self.clientID.span.bytes)
        let secret = KeyDerivation.expandLabel(.sha256, common.span.bytes, "client in", count: 32)
        let key = KeyDerivation.expandLabel(.sha256, secret.span.bytes, KeySchedule.quic.key, count: 16)
        let iv = KeyDerivation.expandLabel(.sha256, secret.span.bytes, KeySchedule.quic.iv, count: 12)
        #expect(Hex.string(key) == "1f369613dd76d5467730efcbe3b1a22d")
        #expect(Hex.string(iv) == "fa044b2f42a3fd3b46fb255c")
    }

    @Test("header protection with ChaCha20 is that of RFC 9001 §A.5")
    func chaCha20() throws {
        let bytes = QUICBytes.bytes(ofHex: "9ac312a7f877468ebe69422748ad00a15443f18203a07d6060f688f30f21632b")
        let secret = Secret(copying: bytes.span.bytes)
        let suite = CipherSuite(rawValue: 0x1303)
        let headers = try #require(HeaderProtection(suite, secret: secret, .quic))
        let sample = QUICBytes.bytes(ofHex: "5e5cd55c41f69080575d7999c25a5bfb")
        let mask = headers.mask(for: sample.span.bytes)
        #expect(Hex.string((0..<5).map { mask[$0] }) == "aefefe7d03")
        var key = try #require(RecordKey(version: .tls13, suite: suite, secret: secret, schedule: .quic))
        let payload = QUICBytes.bytes(ofHex: "655e5cd55c41f69080575d7999c25a5bfb")
        let header: [UInt8] = [0x42, 0x00, 0xBF, 0xF4]
        let pool = CipherPool(limit: 1)
        let opened = try #require(
            pool.open(payload.span.bytes, header: header.span.bytes, with: &key, number: 654_360_564))
        #expect([UInt8](pool.plain(opened)) == [1])
    }

    @Test("the server's packet of RFC 9001 §A.3 opens")
    func server() throws {
        let packet = QUICBytes.bytes(
            ofHex: """
                cf000000010008f067a5502a4262b5004075c0d95a482cd0991cd25b0aac406a5816b6394100f37a1c69797554780bb38cc5\
                a99f5ede4cf73c3ec2493a1839b3dbcba3f6ea46c5b7684df3548e7ddeb9c3bf9c73cc3f3bded74b562bfb19fb84022f8ef4\
                cdd93795d77d06edbb7aaf2f58891850abbdca3d20398c276456cbc42158407dd074ee
                """)
        var recording = QUICRecording()
        let hello = QUICBytes.clientHello(random: Self.random, serverName: "example.com")
        let client = try Self.sealer(QUICBytes.version1, "client")
        recording.receive(
            client.long(.initial, to: Self.clientID, from: [], 2, QUICBytes.crypto(hello)), from: .fromFirst)
        #expect(recording.connection.client == .fromFirst)
        recording.receive(packet, from: .fromSecond)
        #expect(recording.connection.facts.tls.suite?.name == "TLS_AES_128_GCM_SHA256")
        #expect(recording.isHopeless)
        #expect(recording.finish() == .noKey)
    }

    @Test("a hello is read in any order, wherever datagrams cut it", arguments: versions)
    func split(version: UInt32) throws {
        let hello = QUICBytes.clientHello(
            random: Self.random, serverName: "shop.example", protocols: ["h3", "h3-29"], padding: 300)
        let sealer = try Self.sealer(version, "client")
        for cut in stride(from: 1, to: hello.count, by: 7) {
            for isReversed in [false, true] {
                var parts = [QUICBytes.crypto(hello[..<cut]), QUICBytes.crypto(hello[cut...], at: cut)]
                if isReversed { parts.reverse() }
                var recording = QUICRecording()
                for (number, part) in parts.enumerated() {
                    let frames = part + [UInt8](repeating: 0, count: 20)
                    recording.receive(
                        sealer.long(.initial, to: Self.clientID, from: [9, 9], UInt64(number), frames),
                        from: .fromSecond)
                }
                let facts = recording.connection.facts
                #expect(facts.tls.serverName == "shop.example")
                #expect(facts.offeredProtocols == ["h3", "h3-29"])
                #expect(facts.tls.clientRandom?.bytes == Self.random)
                #expect(facts.version == QUICVersion(rawValue: version))
                #expect(recording.connection.client == .fromSecond)
                #expect(recording.finish() == .noKey)
                #expect(recording.heldBytes == 0)
            }
        }
    }

    @Test("a server may answer in another version, and after Retry the client takes another ID")
    func changes() throws {
        let hello = QUICBytes.clientHello(random: Self.random, serverName: "a.example", padding: 50)
        var recording = QUICRecording()
        let first = try Self.sealer(QUICBytes.version1, "client")
        recording.receive(
            first.long(.initial, to: Self.clientID, from: [1], 0, QUICBytes.crypto(hello[..<100])), from: .fromFirst)
        let retried: [UInt8] = [7, 7, 7, 7, 7, 7, 7, 7, 7, 7]
        let second = try #require(QUICSealer.initial(QUICBytes.version1, of: "client", clientID: retried))
        recording.receive(
            second.long(.initial, to: retried, from: [1], 1, QUICBytes.crypto(hello), token: [1, 2, 3]),
            from: .fromFirst)
        #expect(recording.connection.facts.tls.serverName == "a.example")
        let answer = try #require(QUICSealer.initial(QUICBytes.version2, of: "server", clientID: retried))
        recording.receive(
            answer.long(.initial, to: [1], from: [5], 0, QUICBytes.crypto(QUICBytes.serverHello())),
            from: .fromSecond)
        #expect(recording.connection.facts.version?.name == "2")
        #expect(recording.connection.facts.tls.suite?.rawValue == 0x1301)
    }

    @Test("what does not open is counted, and tells nothing", arguments: 0..<200)
    func hostile(seed: Int) throws {
        let hello = QUICBytes.clientHello(random: Self.random, serverName: "a.example")
        let sealer = try Self.sealer(QUICBytes.version1, "client")
        var packet = sealer.long(.initial, to: Self.clientID, from: [1], 0, QUICBytes.crypto(hello))
        let noise = SeededGenerator.bytes(packet.count, seed: seed)
        packet[seed * 7 % packet.count] ^= noise[0] | 1
        var recording = QUICRecording()
        recording.receive(packet, from: .fromFirst)
        recording.receive([0xC0, 0, 0, 0, 1] + noise, from: .fromSecond)
        recording.receive(Array(packet.prefix(Int(noise[1]) % packet.count)), from: .fromFirst)
        #expect(recording.connection.facts.tls.serverName == nil)
        #expect(recording.finish() == .handshakeNotCaptured)
        #expect(recording.heldBytes == 0)
    }
}
