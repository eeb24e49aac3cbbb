import Foundation
import TapCore
import TapTestSupport
import TapWebSocket
import Testing

/// What `wstap compare` may not say, on captures that lack something.
@Suite("Comparing captures that are not whole")
struct CompareEdgeTests {
    private static let client = Endpoint("192.0.2.1", 40_000)
    private static let server = Endpoint("198.51.100.2", 80)

    /// A capture of what was said, a second apart; of what is empty nothing was.
    /// - Parameters:
    ///   - lost: what of it the capture lacks, by place.
    ///   - delay: how much later it stands there, in milliseconds.
    private static func capture(
        _ texts: [String], without lost: Set<Int> = [], delay: Int64 = 0, key: UInt8 = 1, code: UInt16? = 1000
    ) -> [CapturedPacket] {
        var talk = ScheduledConversation(from: client, to: server, start: delay)
        talk.open(at: 0, key: key)
        talk.say("begin", from: .server, at: 1)
        var dropped: [Int] = []
        for (place, text) in texts.enumerated() where !text.isEmpty {
            let count = talk.conversation.segments.count
            talk.say(text, from: .client, at: 10 + Int64(place) * 1_000)
            // The segment with the frame, not the one that acknowledges it.
            if lost.contains(place) { dropped.append(count) }
        }
        let end = 10 + Int64(texts.count) * 1_000
        talk.say("end", from: .server, at: end)
        if let code { talk.at(end + 5) { $0.close(by: .client, code) } }
        let packets = [talk].packets
        return packets.enumerated().filter { !dropped.contains($0.offset) }.map(\.element)
    }

    private static func compare(
        _ first: [CapturedPacket], _ second: [CapturedPacket], _ options: [String] = []
    ) throws -> (status: Int32, record: [String: Any]) {
        let folder = try TemporaryFolder()
        return try CompareTests.compare(options + paths(first, second, in: folder))
    }

    private static func paths(
        _ first: [CapturedPacket], _ second: [CapturedPacket], in folder: TemporaryFolder
    ) throws -> [String] {
        try [("a.pcap", first), ("b.pcap", second)].map { name, packets in
            try folder.file(name, Data(CaptureBuilder.pcap(packets).bytes))
        }
    }

    private static func changes(_ record: [String: Any]) throws -> [String: Int] {
        try CompareTests.connection(record)["changes"] as? [String: Int] ?? [:]
    }

    @Test("of messages that repeat beside a hole it says nothing that it cannot know")
    func repeated() throws {
        let rows: [([String], lost: Set<Int>, changes: [String: Int])] = [
            (["ping", "ping", "ping", "ping"], [0], ["unknown": 1]),
            (["ping", "ping", "ping", "ping"], [0, 1], ["unknown": 2]),
            (["ping", "ping", "ping", "ping"], [1, 2], ["unknown": 2]),
            (["ping", "data", "ping", "data", "ping", "data"], [0, 1, 2, 3], ["unknown": 4]),
            (["x", "ping", "ping", "ping", "y", "ping"], [1], ["unknown": 1]),
        ]
        for (texts, lost, expected) in rows {
            for delay in [0, 40] as [Int64] {
                let (status, record) = try Self.compare(
                    Self.capture(texts), Self.capture(texts, without: lost, delay: delay))
                #expect(try Self.changes(record) == expected, "\(texts) \(lost)")
                #expect(status == 0, "\(texts) \(lost)")
            }
        }
    }

    @Test("what was lost behind something that is there once is told, with a hole elsewhere")
    func certain() throws {
        let sent = ["ping", "ping", "first", "ping", "lost", "second", "ping"]
        let passed = ["ping", "ping", "first", "ping", "", "second", "ping"]
        let (status, record) = try Self.compare(Self.capture(sent), Self.capture(passed, without: [0]))
        #expect(status == 1)
        #expect(try Self.changes(record)["only-in-first"] == 1)
        #expect(try Self.changes(record)["unknown"] == 1)
    }

    @Test("connections with the same endpoints and other keys are others")
    func keys() throws {
        let first = Self.capture(["hello"], key: 1)
        let folder = try TemporaryFolder()
        let other = Self.capture(["hello"], delay: 60_000, key: 9)
        let result = try Wstap.run(["compare"] + Self.paths(first, other, in: folder))
        #expect(result.status == 2 && result.errors.contains("no connection is in both captures"))
        #expect(try Self.compare(first, first).status == 0)
    }

    @Test("ends are compared only where both captures have all that both peers sent")
    func ends() throws {
        let texts = ["one", "two", "three"]
        func differ(_ first: [CapturedPacket], _ second: [CapturedPacket]) throws -> Bool? {
            try CompareTests.connection(Self.compare(first, second).record)["ends_differ"] as? Bool
        }
        let whole = Self.capture(texts)
        #expect(try differ(whole, whole) == false)
        #expect(try differ(whole, Self.capture(texts, code: 1001)) == true)
        #expect(try differ(whole, Self.capture(texts, without: [1], code: 1001)) == nil)
        #expect(try differ(Self.capture(texts, without: [1]), Self.capture(texts, code: 1001)) == nil)
        #expect(try differ(whole, Self.capture(texts, code: nil)) == nil)
    }

    @Test("long messages are compared as a whole, however little of them is kept")
    func long() throws {
        let text = String(repeating: "long ", count: 1_000)
        func cut(_ sizes: [Int], _ text: String) -> [CapturedPacket] {
            var talk = ScheduledConversation(from: Self.client, to: Self.server)
            talk.open(at: 0, key: 1)
            talk.say("begin", from: .server, at: 1)
            var rest = Array(text.utf8)[...]
            for (place, size) in (sizes + [rest.count - sizes.reduce(0, +)]).enumerated() {
                var frame = FrameBytes(place == 0 ? .text : .continuation, Array(rest.prefix(size)))
                frame.isFinal = place == sizes.count
                rest = rest.dropFirst(size)
                talk.at(10 + Int64(place)) { $0.send(frame, from: .client) }
            }
            talk.say("end", from: .server, at: 100)
            talk.at(110) { $0.close(by: .client) }
            return [talk].packets
        }
        let whole = cut([], text)
        for limit in ["100", "1500", "1000000"] {
            let options = ["--max-payload", limit]
            #expect(try Self.changes(Self.compare(whole, cut([10], text), options).record) == ["re-fragmented": 1])
            let other = String(text.dropLast()) + "!"
            #expect(try Self.changes(Self.compare(whole, cut([], other), options).record) == ["changed": 1])
        }
    }

    @Test("standard input may hold both of one capture")
    func standardInput() throws {
        let path = Wstap.sample("legs/nginx.pcap")
        let result = try Wstap.shell("wstap compare - --connections 1,3 < '\(path)'")
        #expect(result.status == 0 && result.output.contains("alike"), "\(result.errors)")
        let absent = try Wstap.shell("wstap compare - --connections 1,33 < '\(path)'")
        #expect(absent.status == 64 && absent.errors.contains("there is no connection 33"))
    }
}
