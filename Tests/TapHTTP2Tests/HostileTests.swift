import TapCore
import TapHTTP2
import TapTestSupport
import Testing

@Suite("Hostile HTTP/2")
struct HostileTests {
    private func headers(_ stream: UInt32, ends: Bool = false) -> [UInt8] {
        var client = HTTP2FieldEncoder()
        return HTTP2Bytes.headers(client.block(Talk.request(), .literal), on: stream, ends: ends)
    }

    private func many(_ count: UInt32, _ frames: (UInt32) -> [UInt8]) -> [UInt8] {
        var bytes: [UInt8] = []
        for number in 0..<count { bytes += frames(number) }
        return bytes
    }

    @Test("100,000 tunnels that stay open: the oldest are let go, and that is told")
    func streams() {
        let frames = many(100_000) { headers($0 * 2 + 1) }
        let reading = Reading(Talk.opening + [.client(frames)])
        #expect(reading.openStreams == HTTP2Limits().streams)
        #expect(reading.counts.tunnels == 100_000)
        #expect(reading.counts.releasedStreams == 100_000 - UInt64(HTTP2Limits().streams))
        #expect(reading.sink.limits == [.streams])
    }

    @Test("where a side of a stream is over, it goes before older ones")
    func halfOver() {
        var limits = HTTP2Limits()
        limits.streams = 3
        let frames = headers(1) + headers(3, ends: true) + headers(5) + headers(7) + headers(9)
        let sink = Reading(Talk.opening + [.client(frames)], limits: limits).sink
        let released = sink.events.filter { $0 == .released(HTTP2StreamID(3)) || $0 == .released(HTTP2StreamID(1)) }
        #expect(released == [.released(HTTP2StreamID(3)), .released(HTTP2StreamID(1))])
    }

    @Test("rapid reset leaves nothing behind")
    func rapidReset() {
        let frames = many(50_000) { headers($0 * 2 + 1) + HTTP2Bytes.reset($0 * 2 + 1, 8) }
        let reading = Reading(Talk.opening + [.client(frames)])
        #expect(reading.openStreams == 0)
        #expect(reading.counts.resets == 50_000)
        #expect(reading.sink.limits == [])
    }

    @Test("a header block that never ends is decoded up to a limit")
    func continuations() {
        var frames = HTTP2Bytes.frame(1, 0, on: 1, [0, 1, 0x61, 1, 0x62])
        for _ in 0..<100_000 { frames += HTTP2Bytes.frame(9, 0, on: 1, [0, 1, 0x61, 1, 0x62]) }
        let reading = Reading(Talk.opening + [.client(frames)])
        #expect(reading.counts.continuations == 100_000)
        #expect(reading.sink.limits == [.blockBytes])
        #expect(reading.sink.violations.isEmpty)
    }

    @Test("a block of many references to one long value keeps to the limit of a head")
    func bomb() throws {
        let value = String(repeating: "v", count: 4_000)
        var client = HTTP2FieldEncoder()
        var block = client.block(Talk.request() + [("x", value)])
        for _ in 0..<10_000 { block += client.block([("x", value)]) }
        let sink = Reading(Talk.opening + [.client(HTTP2Bytes.headers(block, on: 1))]).sink
        let head = try #require(sink.requests.first)
        #expect(head.fields.all.count < 20)
        #expect(head.droppedBytes > 30_000_000)
        #expect(!head.isWhole)
        #expect(sink.limits == [.headBytes])
    }

    @Test("a table that changes its size all the time, and blocks that fail, end decoding at some time")
    func tables() {
        let failing = many(50_000) { HTTP2Bytes.headers([0x3F, 0xE1, 0x1F, 0xFF, 0xFF], on: $0 * 2 + 1) }
        let reading = Reading(Talk.opening + [.client(failing)])
        #expect(reading.sink.limits.contains(.tableRestarts))
        #expect(reading.counts.lostBlocks == 50_000)
        var client = HTTP2FieldEncoder()
        let sizes = many(20_000) { client.resize(to: Int($0 % 2) * 4_096) }
        #expect(Reading(Talk.opening + [.client(HTTP2Bytes.headers(sizes, on: 1))]).sink.violations.count <= 1)
    }

    @Test("floods of small frames are counted, and told as far as a limit allows")
    func floods() {
        let count: UInt32 = 50_000
        let settings = many(count) { HTTP2Bytes.settings([(4, $0)]) }
        let pings = many(count) { _ in HTTP2Bytes.ping }
        let reading = Reading(Talk.opening + [.client(settings), .server(pings)])
        #expect(reading.counts.settings == UInt64(count) + 4)
        #expect(reading.counts.pings == UInt64(count))
        #expect(reading.sink.items.count < 200)
        #expect(Set(reading.sink.limits) == [.settings, .openSettings])
        let wrong = many(count) { _ in HTTP2Bytes.windowUpdate(0) }
        let violating = Reading(Talk.opening + [.client(wrong)])
        #expect(violating.sink.violations.count == HTTP2Limits().violations)
        #expect(violating.sink.limits == [.violations])
        let goAways = many(count) { HTTP2Bytes.goAway($0, 0) }
        #expect(Reading(Talk.opening + [.client(goAways)]).sink.items.count < 40)
    }

    @Test("candidates by the thousand keep to their limit")
    func candidates() {
        let frames = many(20_000) { HTTP2Bytes.data([1], on: $0 * 2 + 1) }
        let reading = Reading([.client(frames)], .inside(client: nil), interest: .undecided)
        #expect(reading.openStreams <= HTTP2Limits().candidates)
        #expect(reading.sink.limits.contains(.candidates))
    }

    @Test("alignment that is lost over and over costs as much as its bytes")
    func lostAlignment() {
        let chain = HTTP2Bytes.ping + HTTP2Bytes.ping + HTTP2Bytes.ping
        let frames = many(20_000) { _ in chain + [UInt8](repeating: 0xFF, count: 9) }
        let reading = Reading([.client(frames)], .inside(client: nil))
        #expect(reading.counts.pings > 50_000)
    }
}
