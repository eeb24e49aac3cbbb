import TapCore
import TapHTTP2
import TapTestSupport
import Testing

@Suite("Flow control")
struct WindowTests {
    /// A tunnel on stream 1; the server lets each stream send so much at first.
    private func open(_ window: UInt32) -> [Piece] {
        var client = HTTP2FieldEncoder()
        var server = HTTP2FieldEncoder()
        return [
            .client(HTTP2Bytes.preface, HTTP2Bytes.settings()),
            .server(HTTP2Bytes.settings([(8, 1), (4, window)])),
            .client(HTTP2Bytes.acknowledgement, HTTP2Bytes.headers(client.block(Talk.request()), on: 1)),
            .server(HTTP2Bytes.acknowledgement, HTTP2Bytes.headers(server.block(Talk.accepted), on: 1)),
        ]
    }

    private func data(_ count: Int) -> [UInt8] { HTTP2Bytes.data([UInt8](repeating: 1, count: count), on: 1) }

    @Test("a stream's window that was exhausted is given with how long it was")
    func stream() throws {
        let sink = Reading(
            open(100) + [
                .client(data(60)), .client(data(40), at: 1_000), .server(HTTP2Bytes.windowUpdate(10, on: 1), at: 4_200),
                .client(data(10), at: 4_201), .server(HTTP2Bytes.windowUpdate(100, on: 1), at: 4_250),
            ]
        ).sink
        let stall = try #require(sink.stalls.first)
        #expect(sink.stalls.count == 1)
        #expect(stall.stream == HTTP2StreamID(1))
        #expect(stall.duration == 3_200_000_000)
        #expect(stall.since.number == PacketNumber(6))
        #expect(stall.until?.number == PacketNumber(7))
        #expect(sink.violations.isEmpty)
    }

    @Test("so is that of the connection, and one that nobody opens again")
    func connection() {
        let blocks = (0..<4).map { _ in Piece.client(data(16_383)) }
        let sink = Reading(open(1_000_000) + blocks + [.client(data(3)), .server(HTTP2Bytes.ping, at: 5_000)]).sink
        #expect(sink.stalls.map(\.stream) == [.connection])
        #expect(sink.stalls.map(\.duration) == [5_000_000_000])
        #expect(sink.stalls.map(\.until) == [nil])
    }

    @Test("so is one whose stream is reset before it was opened")
    func reset() {
        let sink = Reading(open(100) + [.client(data(100)), .client(HTTP2Bytes.reset(1, 8), at: 2_000)]).sink
        #expect(sink.stalls.map(\.stream) == [HTTP2StreamID(1)])
        #expect(sink.stalls.map(\.duration) == [2_000_000_000])
        #expect(sink.stalls.map(\.until) == [nil])
    }

    @Test("padding counts, and so does what is sent beside tunnels")
    func padding() {
        let sink = Reading(
            open(20) + [
                .client(HTTP2Bytes.data([1], on: 1, padding: 18)), .server(HTTP2Bytes.windowUpdate(1, on: 1), at: 500),
            ]
        ).sink
        #expect(sink.stalls.map(\.duration) == [500_000_000])
    }

    @Test("more than the window allows is a violation; not where a larger one may have counted yet")
    func exceeded() {
        #expect(Reading(open(10) + [.client(data(11))]).sink.rules == [.windowExceeded])
        #expect(Reading(open(10) + [.client(data(10))]).sink.rules == [])
        let smaller = Piece.server(HTTP2Bytes.settings([(4, 1)]))
        #expect(Reading(open(10) + [smaller, .client(data(10))]).sink.rules == [])
        #expect(
            Reading(open(10) + [smaller, .client(HTTP2Bytes.acknowledgement, data(10))]).sink.rules == [.windowExceeded]
        )
        let larger = Piece.server(HTTP2Bytes.settings([(4, 50)]))
        #expect(Reading(open(10) + [larger, .client(data(50))]).sink.rules == [])
    }

    @Test("nothing is said of windows once a frame is missing")
    func lost() {
        let hole = Piece(direction: .fromSecond, bytes: [], missing: 13)
        let pieces = open(10) + [.client(data(10)), hole, .client(data(10), at: 3_000)]
        let sink = Reading(pieces + [.server(HTTP2Bytes.windowUpdate(5, on: 1), at: 9_000)]).sink
        #expect(sink.rules == [])
        #expect(sink.stalls == [])
    }

    @Test("a hole in the data of a stream leaves its window known")
    func hole() {
        var frame = Piece.client(data(10))
        frame.bytes.removeLast(5)
        let sink = Reading(
            open(10) + [frame, Piece(direction: .fromFirst, bytes: [], missing: 5), .client(data(1))]
        ).sink
        #expect(sink.losses(1, .fromFirst) == [HTTP2Loss(bytes: 5, isExact: true)])
        #expect(sink.rules == [.windowExceeded])
    }
}
