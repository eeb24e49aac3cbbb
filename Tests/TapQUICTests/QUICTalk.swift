import TapCore
import TapQUIC
import TapSecurity
import TapTestSupport
import Testing

/// A conversation of which the secrets are known.
struct QUICTalk {
    static let clientID: [UInt8] = [1, 2, 3, 4, 5, 6, 7, 8]
    static let serverID: [UInt8] = [9, 9, 9, 9]
    static let random = [UInt8](1...32)

    let version: UInt32
    let suite: UInt16
    let sealers: [String: QUICSealer]

    init(version: UInt32 = QUICBytes.version1, suite: UInt16 = 0x1301) throws {
        (self.version, self.suite) = (version, suite)
        var sealers: [String: QUICSealer] = [:]
        for label in QUICTalk.labels {
            sealers[label] = QUICSealer(version, suite: suite, secret: QUICTalk.secret(label, suite))
        }
        for sender in ["client", "server"] {
            sealers[sender] = QUICSealer.initial(version, of: sender, clientID: QUICTalk.clientID)
        }
        self.sealers = sealers
    }

    static let labels = [
        "CLIENT_HANDSHAKE_TRAFFIC_SECRET", "SERVER_HANDSHAKE_TRAFFIC_SECRET", "CLIENT_TRAFFIC_SECRET_0",
        "SERVER_TRAFFIC_SECRET_0",
    ]

    static func secret(_ label: String, _ suite: UInt16) -> [UInt8] {
        SeededGenerator.bytes(suite == 0x1302 ? 48 : 32, seed: label.utf8.reduce(0) { $0 &* 31 &+ Int($1) } % 1_000)
    }

    var keys: String {
        QUICTalk.labels.map { "\($0) \(Hex.string(QUICTalk.random)) \(Hex.string(QUICTalk.secret($0, suite)))\n" }
            .joined()
    }

    /// The datagrams of the handshake, by who sends them.
    func handshake() throws -> [(Direction, [UInt8])] {
        let hello = QUICBytes.clientHello(random: QUICTalk.random, serverName: "a.example")
        let client = try #require(sealers["client"])
        let (server, encrypted) = (try #require(sealers["server"]), try #require(sealers[QUICTalk.labels[1]]))
        return [
            (.fromFirst, client.long(.initial, to: QUICTalk.clientID, from: [1], 0, QUICBytes.crypto(hello))),
            (
                .fromSecond,
                server.long(
                    .initial, to: [1], from: QUICTalk.serverID, 0, QUICBytes.crypto(QUICBytes.serverHello(suite: suite))
                )
                    + encrypted.long(
                        .handshake, to: [1], from: QUICTalk.serverID, 0,
                        QUICBytes.crypto(QUICBytes.encryptedExtensions(protocol: "h3")))
            ),
        ]
    }

    func client(_ number: UInt64, _ frames: [UInt8]) throws -> [UInt8] {
        try #require(sealers[QUICTalk.labels[2]]).short(to: QUICTalk.serverID, number, frames)
    }

    func server(_ number: UInt64, _ frames: [UInt8]) throws -> [UInt8] {
        try #require(sealers[QUICTalk.labels[3]]).short(to: [1], number, frames)
    }

    func recording() throws -> QUICRecording {
        var recording = QUICRecording(keys: keys)
        for (direction, datagram) in try handshake() { recording.receive(datagram, from: direction) }
        return recording
    }
}
