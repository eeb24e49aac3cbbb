/// The secrets of one connection, and how both sides agree on them.
struct TLSSession {
    /// Bytes of one side in the handshake, which are sent together.
    struct Flight {
        let side: Side
        let bytes: [UInt8]
    }

    private static let changeCipherSpec: [UInt8] = [20, 3, 3, 0, 1, 1]

    /// What is agreed, the first flight first.
    let flights: [Flight]
    /// The keys of application data.
    let keys: PerSide<TrafficKey>
    /// Lines of a key log. RFC 9850.
    let log: String

    init(_ suite: TLSSuite, sealer: RecordSealer, random: inout RandomSource) {
        let hello = (client: random.bytes(32), server: random.bytes(32))
        let messages = HandshakeMessages(suite, hello.client, hello.server, random: &random)
        if suite.isTLS13 {
            let handshake = PerSide(client: random.bytes(32), server: random.bytes(32))
            let traffic = PerSide(client: random.bytes(32), server: random.bytes(32))
            log = Self.lines(
                [
                    ("CLIENT_HANDSHAKE_TRAFFIC_SECRET", handshake.client),
                    ("SERVER_HANDSHAKE_TRAFFIC_SECRET", handshake.server),
                    ("CLIENT_TRAFFIC_SECRET_0", traffic.client), ("SERVER_TRAFFIC_SECRET_0", traffic.server),
                ], hello.client)
            keys = PerSide(
                client: TrafficKey(suite, secret: traffic.client), server: TrafficKey(suite, secret: traffic.server))
            let sealed = { (content: [UInt8], side: Side) in
                Self.sealed(content, TrafficKey(suite, secret: handshake[side]), sealer)
            }
            flights = [
                Flight(side: .client, bytes: messages.clientHello),
                Flight(
                    side: .server,
                    bytes: messages.serverHello + Self.changeCipherSpec + sealed(messages.encryptedByServer, .server)),
                Flight(side: .client, bytes: Self.changeCipherSpec + sealed(messages.finished(length: 32), .client)),
            ]
        } else {
            let master = random.bytes(48)
            log = Self.lines([("CLIENT_RANDOM", master)], hello.client)
            // RFC 5246 §6.3: the keys of both sides, then their parts of the nonces.
            let (key, iv) = (suite.keyLength, suite.ivLength)
            let block = KeyDerivation.pseudorandom(
                master, "key expansion", hello.server + hello.client, count: 2 * (key + iv))
            var keys = PerSide(
                client: TrafficKey(key: Array(block[..<key]), iv: Array(block[2 * key..<2 * key + iv])),
                server: TrafficKey(key: Array(block[key..<2 * key]), iv: Array(block[(2 * key + iv)...])))
            let finished = messages.finished(length: 12)
            flights = [
                Flight(side: .client, bytes: messages.clientHello),
                Flight(side: .server, bytes: messages.serverHello + messages.clearOfServer),
                Flight(
                    side: .client,
                    bytes: messages.clientKeyExchange + Self.changeCipherSpec
                        + Self.sealed(finished, keys.client, sealer)),
                Flight(side: .server, bytes: Self.changeCipherSpec + Self.sealed(finished, keys.server, sealer)),
            ]
            keys.client.number = 1
            keys.server.number = 1
            self.keys = keys
        }
    }

    private static func sealed(_ content: [UInt8], _ key: TrafficKey, _ sealer: RecordSealer) -> [UInt8] {
        var record: [UInt8] = []
        sealer.append(content[...], type: .handshake, number: 0, with: key, to: &record)
        return record
    }

    private static func lines(_ secrets: [(label: String, secret: [UInt8])], _ random: [UInt8]) -> String {
        secrets.map { "\($0.label) \(hex(random)) \(hex($0.secret))\n" }.joined()
    }

    private static func hex(_ bytes: [UInt8]) -> String {
        let digits = Array("0123456789abcdef")
        return String(bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
    }
}
