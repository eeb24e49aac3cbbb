import TapCore
import TapHTTP3
import TapTestSupport
import Testing

@Suite("HTTP/3")
struct HTTP3ConnectionTests {
    private static let enabled = HTTP3Bytes.control([(8, 1)])
    private static let talk =
        HTTP3Bytes.request() + HTTP3Bytes.data([1, 2, 3]) + HTTP3Bytes.frame(0x21, [9, 9])
        + HTTP3Bytes.data(Array(repeating: 7, count: 300))
    private static let said = [1, 2, 3] + [UInt8](repeating: 7, count: 300)

    private static func talking(cut: Int, in steps: Int = .max) -> (events: [String], data: [String: [UInt8]]) {
        var recording = HTTP3Recording()
        recording.receive(enabled, of: 3, from: .fromSecond)
        recording.receive(HTTP3Bytes.control([]), of: 2)
        if steps == 1 {
            for byte in talk { recording.receive([byte], of: 0) }
        } else {
            recording.receive(talk[..<cut], of: 0)
            recording.receive(talk[cut...], of: 0)
        }
        recording.receive(HTTP3Bytes.response + HTTP3Bytes.data([5]), of: 0, from: .fromSecond)
        recording.end(0)
        recording.end(0, from: .fromSecond)
        recording.finish()
        return (recording.events, recording.data)
    }

    @Test("an extended CONNECT opens a tunnel, wherever its bytes are cut")
    func tunnel() {
        let whole = Self.talking(cut: 0)
        #expect(
            whole.events == ["request 0 /chat", "response 0 200", "ended 0 fromFirst", "ended 0 fromSecond"])
        #expect(whole.data == ["0 fromFirst": Self.said, "0 fromSecond": [5]])
        for cut in 0...Self.talk.count { #expect(Self.talking(cut: cut) == whole) }
        #expect(Self.talking(cut: 0, in: 1) == whole)
    }

    @Test("other requests are counted, and what they carry is not looked at")
    func ordinary() {
        var recording = HTTP3Recording()
        let get = HTTP3Bytes.headers([(":method", "GET"), (":scheme", "https"), (":path", "/"), (":authority", "a")])
        recording.receive(get + HTTP3Bytes.data([1]), of: 0)
        recording.receive(HTTP3Bytes.response + HTTP3Bytes.data([0x81, 0]), of: 0, from: .fromSecond)
        recording.receive(HTTP3Bytes.request(protocol: "connect-udp"), of: 4)
        #expect(recording.events.isEmpty && recording.data.isEmpty)
        #expect(recording.counts.ordinaryRequests == 1 && recording.counts.otherProtocols == 1)
    }

    @Test("a server that has not allowed it is told")
    func notEnabled() {
        var recording = HTTP3Recording()
        recording.receive(HTTP3Bytes.control([(6, 100)]), of: 3, from: .fromSecond)
        recording.receive(HTTP3Bytes.request(), of: 0)
        #expect(recording.events == ["request 0 /chat", "violation connectNotEnabled"])
    }

    @Test("a hole inside a frame of data costs its bytes, any other one the direction of the stream")
    func holes() {
        var recording = HTTP3Recording()
        recording.receive(HTTP3Bytes.request() + [0, 10, 1, 2], of: 0)
        recording.miss(5, of: 0)
        recording.receive([8, 9, 10] + HTTP3Bytes.data([11]), of: 0)
        #expect(recording.data["0 fromFirst"] == [1, 2, 8, 9, 10, 11])
        recording.miss(3, of: 0)
        recording.receive(HTTP3Bytes.data([12]), of: 0)
        #expect(recording.data["0 fromFirst"] == [1, 2, 8, 9, 10, 11])
        recording.end(0)
        let missed = ["missed 5 of 0", "missed 3 or so of 0", "missed 3 or so of 0"]
        #expect(recording.events == ["request 0 /chat"] + missed + ["ended 0 fromFirst"])
    }

    @Test("behind a hole frames are read again where one of data holds one of WebSocket exactly")
    func found() {
        let text: [UInt8] = [0x81, 0x83, 1, 2, 3, 4, 9, 9, 9]
        var recording = HTTP3Recording()
        recording.receive(HTTP3Bytes.request(), of: 0)
        recording.miss(40, of: 0)
        recording.receive(HTTP3Bytes.data([0x81, 0x84] + text), of: 0)
        #expect(recording.data.isEmpty)
        recording.receive(HTTP3Bytes.data(text) + HTTP3Bytes.data([0x89, 0x80, 1, 2, 3, 4]), of: 0)
        #expect(recording.data["0 fromFirst"] == text + [0x89, 0x80, 1, 2, 3, 4])
        #expect(recording.events == ["request 0 /chat", "missed 40 or so of 0", "missed 13 or so of 0"])
    }

    @Test("a section waits for what it refers to, and what follows waits behind it")
    func blocked() {
        // The first line of the section is the one that is inserted first.
        let section =
            [2, 0, 0x80]
            + HTTP3Bytes.lines([
                (":method", "CONNECT"), (":protocol", "websocket"), (":scheme", "https"), (":authority", "a"),
            ])
        var recording = HTTP3Recording()
        recording.receive(HTTP3Bytes.control([(1, 4_096), (7, 16), (8, 1)]), of: 3, from: .fromSecond)
        recording.receive(HTTP3Bytes.frame(1, section) + HTTP3Bytes.data([1, 2]), of: 0)
        recording.receive(HTTP3Bytes.response + HTTP3Bytes.data([3]), of: 0, from: .fromSecond)
        #expect(recording.events.isEmpty && recording.data.isEmpty)
        for byte in HTTP3Bytes.insertion(":path", "/late") { recording.receive([byte], of: 2) }
        #expect(recording.events == ["request 0 /late", "response 0 200"])
        #expect(recording.data == ["0 fromFirst": [1, 2], "0 fromSecond": [3]])
    }

    @Test("where insertions are missing, a section that refers to some is not decoded, and its data may tell")
    func insertionsMissing() {
        var recording = HTTP3Recording()
        recording.receive(HTTP3Bytes.control([(1, 4_096), (8, 1)]), of: 3, from: .fromSecond)
        recording.receive(HTTP3Bytes.insertion(":path", "/late").prefix(6), of: 2)
        recording.miss(10, of: 2)
        recording.receive(HTTP3Bytes.frame(1, [2, 0, 0x80]) + HTTP3Bytes.data([1, 2]), of: 0)
        recording.receive(HTTP3Bytes.request("/other"), of: 4)
        #expect(recording.events == ["candidate 0", "request 4 /other"])
    }

    @Test("RESET_STREAM ends a tunnel, and GOAWAY says which streams are left out")
    func ends() {
        var recording = HTTP3Recording()
        recording.receive(HTTP3Bytes.request(), of: 8)
        recording.receive(Self.enabled + HTTP3Bytes.frame(7, [8]), of: 3, from: .fromSecond)
        recording.reset(8, 0x10C)
        #expect(recording.events == ["request 8 /chat", "goAway 8 0", "RESET_STREAM 8 268"])
    }

    @Test("what was on its way when a stream was given up opens no other", arguments: [true, false])
    func afterReset(isStopped: Bool) {
        var recording = HTTP3Recording()
        recording.receive(HTTP3Bytes.request(), of: 0)
        recording.receive(Self.enabled, of: 3, from: .fromSecond)
        recording.receive(HTTP3Bytes.response, of: 0, from: .fromSecond)
        if isStopped {
            recording.stopSending(0, 0x10C)
        } else {
            recording.reset(0, 0x10C)
        }
        let events = recording.events
        // The rest of a frame, which would be a wrong one at a stream's beginning.
        recording.receive([8, 4, 0, 0, 0, 0], of: 0, from: .fromSecond)
        recording.receive([8, 4, 0, 0, 0, 0], of: 0)
        recording.end(0, from: .fromSecond)
        recording.end(0)
        #expect(recording.events == events)
    }

    @Test("whatever comes, it is read to its end", arguments: 0..<300)
    func hostile(seed: Int) {
        var recording = HTTP3Recording()
        let noise = SeededGenerator.bytes(400, seed: seed)
        var talk = Self.talk
        talk[seed % talk.count] ^= noise[0] | 1
        recording.receive(talk, of: 0)
        for (place, byte) in noise.enumerated() {
            let stream = UInt64(byte % 12)
            recording.receive(noise[place..<min(place + Int(byte) % 16, noise.count)], of: stream, from: .fromSecond)
            if byte == 0 { recording.miss(UInt64(place), of: stream) }
            if byte == 1 { recording.end(stream, from: .fromSecond) }
        }
        recording.finish()
    }
}
