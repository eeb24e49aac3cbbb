import Foundation
import TapCore
import TapSecurity
import Testing

/// What real peers said to each other, and what they logged: Fixtures/make made it.
struct Fixture: Decodable, Sendable, CustomTestStringConvertible {
    struct Connection: Decodable, Sendable {
        /// The bytes of both directions in order, each with its sender: `c` or `s`.
        let records: [[String]]
        /// What the client wrote and the server read, and the other way about.
        let client: Data
        let server: Data

        var pieces: [Piece] {
            records.map { record in
                Piece(record[0] == "c" ? .first : .second, Data(base64Encoded: record[1]).map { [UInt8]($0) } ?? [])
            }
        }

        func plain(of direction: TLSDirection) -> [UInt8] { [UInt8](direction == .first ? client : server) }
    }

    let peers: String
    let keylog: String
    let connections: [Connection]
    let version: String?
    let suite: UInt16?
    let serverName: String?
    let alpn: String?
    let rsaKey: String?
    /// The only peer whose secrets are there.
    let oneSide: String?
    let reason: String?
    var name = ""

    enum CodingKeys: String, CodingKey {
        case peers, keylog, connections, version, suite, alpn, reason
        case serverName = "server_name"
        case rsaKey = "rsa_key"
        case oneSide = "one_side"
    }

    var testDescription: String { name }

    static let all: [Fixture] = {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Fixtures")
        let files = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return files.filter { $0.hasSuffix(".json") }.sorted().compactMap { file in
            guard let data = try? Data(contentsOf: folder.appendingPathComponent(file)),
                var fixture = try? JSONDecoder().decode(Fixture.self, from: data)
            else { return nil }
            fixture.name = String(file.dropLast(5))
            return fixture
        }
    }()

    static func named(_ name: String) throws -> Fixture {
        struct NoSuchFixture: Error { let name: String }
        guard let fixture = all.first(where: { $0.name == name }) else { throw NoSuchFixture(name: name) }
        return fixture
    }

    func context(keysMayCome: Bool = false, limits: TLSLimits = TLSLimits()) -> TLSContext {
        let keys = rsaKey.flatMap { RSAKey(pem: Array($0.utf8).span.bytes) }
        return TLSContext(
            keyLog: log(keylog), rsaKeys: keys.map { [$0] } ?? [], keysMayCome: keysMayCome, limits: limits)
    }
}

/// Bytes of one direction, or that so many are missing of it.
struct Piece: Equatable, Sendable {
    let direction: TLSDirection
    let bytes: [UInt8]
    let missing: Int

    init(_ direction: TLSDirection, _ bytes: [UInt8], missing: Int = 0) {
        self.direction = direction
        self.bytes = bytes
        self.missing = missing
    }
}

func log(_ text: String) -> KeyLog {
    let log = KeyLog(limits: KeyLog.Limits())
    add(text, to: log)
    return log
}

func add(_ text: String, to log: KeyLog, from source: KeySource = .keyLog) {
    var reader = KeyLogReader(source)
    reader.receive(Array(text.utf8).span.bytes, into: log)
    reader.finish(into: log)
}
