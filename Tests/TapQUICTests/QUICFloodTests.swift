import TapCore
import TapQUIC
import TapTestSupport
import Testing

/// What somebody may send who wants to be in the way: all of it is bounded.
@Suite("Floods of QUIC")
struct QUICFloodTests {
    @Test("of hellos that do not open hold nothing, and tell nothing")
    func hellos() {
        var recording = QUICRecording()
        var generator = SeededGenerator(seed: 1)
        for _ in 0..<3_000 {
            let start: [UInt8] = [0xC3, 0, 0, 0, 1, 8] + generator.bytes(8) + [0, 0, 0x44, 0x90]
            recording.receive(start + generator.bytes(0x490), from: .fromFirst)
        }
        #expect(recording.heldBytes == 0 && recording.events.isEmpty)
        #expect(recording.connection.packetsUnread(on: .fromFirst) == 3_000)
        #expect(recording.connection.idsOfServer.isEmpty)
    }

    @Test("of connection IDs forget the oldest ones, and what follows is read")
    func ids() throws {
        let talk = try QUICTalk()
        var recording = try talk.recording()
        var number: UInt64 = 0
        for _ in 0..<2_000 {
            let id = QUICBytes.integer(number)
            let padded = id + [UInt8](repeating: 7, count: 8 - id.count)
            // RFC 9000 §19.15.
            let frame = [0x18] + QUICBytes.integer(number) + [0, 8] + padded + [UInt8](repeating: 0, count: 16)
            recording.receive(try talk.server(number, frame), from: .fromSecond)
            number += 1
        }
        let ids = recording.connection.idsOfServer
        #expect(ids.count == QUICLimits().ids + 1)
        #expect(recording.heldBytes == 0)
        recording.receive(try talk.server(number, QUICBytes.stream(3, [1, 2])), from: .fromSecond)
        #expect(recording.streams["3 fromSecond"] == [1, 2])
    }

    @Test("of pieces of a hello that lie far apart are bounded")
    func pieces() throws {
        let talk = try QUICTalk()
        var recording = QUICRecording(keys: talk.keys)
        let client = try #require(talk.sealers["client"])
        for number in 0..<3_000 {
            let piece = QUICBytes.crypto([1, 2, 3, 4], at: 8 * (number + 1))
            recording.receive(
                client.long(.initial, to: QUICTalk.clientID, from: [1], UInt64(number), piece), from: .fromFirst)
        }
        let hello = QUICBytes.clientHello(random: QUICTalk.random, serverName: "a.example")
        recording.receive(
            client.long(.initial, to: QUICTalk.clientID, from: [1], 3_000, QUICBytes.crypto(hello)), from: .fromFirst)
        // Whatever came first of it counts.
        #expect(recording.heldBytes == 0 && recording.events.count <= 1)
    }
}
