import TapCore
import TapHTTP2
import TapTestSupport
import Testing

@Suite("What is missing of HTTP/2 connections")
struct LossTests {
    static let whole = Reading(Talk.full()).sink

    /// The conversation with more after it, so that the next frame can be found.
    private static func pieces(missing range: Range<Int>, of direction: Direction) -> [Piece] {
        var position = 0
        return Talk.full().flatMap { piece -> [Piece] in
            guard piece.direction == direction else { return [piece] }
            let start = position
            position += piece.bytes.count
            let lost = range.clamped(to: start..<position)
            guard !lost.isEmpty else { return [piece] }
            var before = piece
            before.bytes = Array(piece.bytes.prefix(lost.lowerBound - start))
            return [
                before,
                Piece(
                    direction: direction, bytes: Array(piece.bytes.dropFirst(lost.upperBound - start)),
                    missing: lost.count),
            ]
        }
    }

    private static func length(_ direction: Direction) -> Int {
        Talk.full().filter { $0.direction == direction }.reduce(0) { $0 + $1.bytes.count }
    }

    @Test(
        "whatever is missing, nothing is given that was not sent, and nobody is accused",
        arguments: [Direction.fromFirst, .fromSecond])
    func holes(direction: Direction) {
        let length = Self.length(direction)
        for start in 0..<length {
            for count in [1, 2, 9, 20, 60, 200] where start + count <= length {
                check(Self.pieces(missing: start..<start + count, of: direction), "\(direction) \(start) \(count)")
            }
        }
    }

    @Test("the same where the beginning is missing")
    func late() {
        for direction in [Direction.fromFirst, .fromSecond] {
            for start in 1..<Self.length(direction) {
                var rest = Talk.full().filter { $0.direction == direction }
                var left = start
                for index in rest.indices {
                    let count = min(left, rest[index].bytes.count)
                    rest[index].bytes.removeFirst(count)
                    left -= count
                }
                check(rest, "\(direction) from \(start)", .inside(client: nil))
            }
        }
    }

    private func check(_ pieces: [Piece], _ place: String, _ beginning: HTTP2Beginning = .preface(client: .fromFirst)) {
        let sink = Reading(pieces, beginning).sink
        #expect(sink.violations.isEmpty, "\(place): \(sink.violations)")
        for stream: UInt32 in [1, 3, 5] {
            for direction in [Direction.fromFirst, .fromSecond] {
                let sent =
                    stream == 3
                    ? Array((direction == .fromFirst ? "" : "hello").utf8) : Self.whole.data(stream, direction)
                let found = sink.data(stream, direction)
                #expect(isSubsequence(found, of: sent), "\(place): \(stream)")
                let isSilent = found == sent || !sink.losses(stream, direction).isEmpty
                #expect(
                    isSilent || found.isEmpty || !isFollowed(stream, sink) || isEndMissing(found, sent),
                    "\(place): \(stream)")
            }
        }
        for head in sink.requests {
            let sent = Self.whole.requests.first { $0.stream == head.stream }
            check(head, sent, place)
        }
        for head in sink.responses where head.stream != HTTP2StreamID(3) {
            let sent = Self.whole.responses.filter { $0.stream == head.stream }
            #expect(sent.contains { $0.pseudoFields == head.pseudoFields } || head.pseudoFields.isEmpty, "\(place)")
        }
    }

    private func check(_ head: HTTP2Head, _ sent: HTTP2Head?, _ place: String) {
        guard let sent else { return }
        let found = head.pseudoFields + head.fields.all
        let all = sent.pseudoFields + sent.fields.all
        #expect(found.allSatisfy { all.contains($0) }, "\(place)")
        #expect(!head.isWhole || found == all, "\(place)")
        #expect(found.count + head.unknownFields == all.count, "\(place)")
    }

    private func isFollowed(_ stream: UInt32, _ sink: RecordingHTTP2Sink) -> Bool {
        sink.requests.contains { $0.stream == HTTP2StreamID(stream) }
    }

    /// Whether what is there is the beginning or the end of what was sent: the rest came before the stream was followed, or
    /// after its end.
    private func isEndMissing(_ found: [UInt8], _ sent: [UInt8]) -> Bool {
        sent.starts(with: found) || sent.reversed().starts(with: found.reversed())
    }

    private func isSubsequence(_ found: [UInt8], of sent: [UInt8]) -> Bool {
        var rest = sent[...]
        for byte in found {
            guard let index = rest.firstIndex(of: byte) else { return false }
            rest = rest[(index + 1)...]
        }
        return true
    }

    // MARK: In the middle

    /// A tunnel that is open already, each message in a frame of its own.
    private static func messages(_ count: Int, on streams: [UInt32]) -> [Piece] {
        (0..<count).flatMap { number in
            streams.flatMap { stream in
                [
                    Piece.client(HTTP2Bytes.data(Array("from client \(number) on \(stream);".utf8), on: stream)),
                    Piece.server(HTTP2Bytes.data(Array("from server \(number) on \(stream);".utf8), on: stream)),
                ]
            }
        }
    }

    @Test("streams whose requests were not captured are given as candidates")
    func candidates() {
        let pieces = Self.messages(5, on: [7, 9])
        let sink = Reading(pieces, .inside(client: nil)).sink
        #expect(sink.events.filter { $0 == .candidate(HTTP2StreamID(7)) }.count == 1)
        #expect(sink.events.filter { $0 == .candidate(HTTP2StreamID(9)) }.count == 1)
        #expect(sink.data(7, .fromFirst) == Array((0..<5).map { "from client \($0) on 7;" }.joined().utf8))
        #expect(sink.data(9, .fromSecond) == Array((0..<5).map { "from server \($0) on 9;" }.joined().utf8))
    }

    @Test("a stream that its receiver does not decide on is let go")
    func undecided() {
        var limits = HTTP2Limits()
        limits.candidateBytes = 50
        let sink = Reading(Self.messages(10, on: [7]), .inside(client: nil), limits: limits, interest: .undecided).sink
        #expect(sink.data(7, .fromFirst).count + sink.data(7, .fromSecond).count == 50)
        #expect(sink.limits == [.candidateBytes])
        #expect(sink.events.filter { $0 == .released(HTTP2StreamID(7)) }.count == 1)
    }

    @Test("once its receiver wants a candidate, all of it is given, however much came at once")
    func wanted() {
        var limits = HTTP2Limits()
        limits.candidateBytes = 50
        let bytes = SeededGenerator.bytes(300, seed: 1)
        let frames = (0..<3).flatMap { HTTP2Bytes.data(Array(bytes[$0 * 100..<$0 * 100 + 100]), on: 7) }
        let sink = Reading([.client(frames)], .inside(client: nil), limits: limits).sink
        #expect(sink.data(7, .fromFirst) == bytes)
    }

    @Test("streams that are opened in the middle are told from ordinary requests")
    func laterStreams() throws {
        var client = HTTP2FieldEncoder()
        _ = client.block(Talk.request() + Talk.get)
        let pieces =
            Self.messages(3, on: [1]) + [
                .client(HTTP2Bytes.headers(client.block(Talk.get), on: 11), HTTP2Bytes.data([1], on: 11)),
                .client(
                    HTTP2Bytes.headers([0x83] + client.block([(":path", "/x")]), on: 13), HTTP2Bytes.data([1], on: 13)),
                .client(HTTP2Bytes.headers(client.block(Talk.request("/later")), on: 15), HTTP2Bytes.data([1], on: 15)),
                .client(HTTP2Bytes.headers(client.block(Talk.request("/later")), on: 17), HTTP2Bytes.data([1], on: 17)),
            ]
        let sink = Reading(pieces, .inside(client: .fromFirst)).sink
        // `:method: GET` by an index of the dynamic table is unknown; the static one of POST is not.
        #expect(sink.data(11, .fromFirst) == [1])
        #expect(sink.data(13, .fromFirst).isEmpty)
        let later = try #require(sink.requests.first { $0.stream == HTTP2StreamID(15) })
        #expect(!later.isWhole)
        #expect(later.path == "/later")
        #expect(later.method == nil)
        #expect(sink.data(15, .fromFirst) == [1])
        #expect(sink.data(17, .fromFirst) == [1])
    }

    @Test("a hole in the data of one stream costs the others nothing")
    func elsewhere() {
        var pieces = Talk.full()
        let index = pieces.firstIndex { $0.bytes.starts(with: HTTP2Bytes.data(Array("first of one".utf8), on: 1)) } ?? 0
        pieces[index].bytes.removeSubrange(12..<15)
        let head = Piece.client(Array(pieces[index].bytes[..<12]))
        pieces[index].bytes.removeFirst(12)
        pieces[index].missing = 3
        pieces.insert(head, at: index)
        let sink = Reading(pieces).sink
        #expect(sink.losses(1, .fromFirst) == [HTTP2Loss(bytes: 3, isExact: true)])
        #expect(sink.data(1, .fromFirst) == Array("firof onelast".utf8))
        #expect(sink.losses(5, .fromFirst).isEmpty)
        #expect(sink.data(5, .fromFirst) == Self.whole.data(5, .fromFirst))
        #expect(sink.violations.isEmpty)
    }
}
