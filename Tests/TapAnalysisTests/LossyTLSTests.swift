import TapAnalysis
import TapCore
import TapSecurity
import TapTestSupport
import TapWebSocket
import Testing

@Suite("Segments of TLS that are missing take the frames that they touch, and no others")
struct LossyTLSTests {
    struct Row: CustomTestStringConvertible, Sendable {
        let suite: UInt16
        let sender: Sender
        /// How many segments are missing.
        let count: Int
        /// Whether the first of them begins inside a record's header.
        let isInHeader: Bool

        var testDescription: String {
            "suite \(suite), \(count) segments of the \(sender)" + (isInHeader ? ", from a header on" : "")
        }
    }

    private static let rows: [Row] = [UInt16(0x1301), 0x1302, 0x1303].flatMap { suite in
        Sender.allCases.flatMap { sender in
            [(1, false), (2, false), (50, false), (1, true), (2, true), (50, true)].map {
                Row(suite: suite, sender: sender, count: $0, isInHeader: $1)
            }
        }
    }

    private static let segmentSize = 100
    private static let frameCount = 200

    /// What one peer says, and the other answers: each frame has a record of its own.
    private static func conversation(of speaker: Sender) -> Conversation {
        var conversation = Conversation.upgraded()
        for number in 0..<frameCount {
            let text = "message \(number) " + String(repeating: "x", count: number * 37 % 150)
            conversation.send(text: text, from: speaker)
            if number % 10 == 9 { conversation.send(text: "yes", from: speaker.peer) }
        }
        conversation.close(by: .client)
        return conversation
    }

    /// The segments of one peer cut anew, wherever records end.
    private static func recut(_ segments: [ScriptedSegment], of sender: Sender) -> [ScriptedSegment] {
        segments.flatMap { segment in
            guard segment.sender == sender, segment.payload.count > segmentSize else { return [segment] }
            return stride(from: 0, to: segment.payload.count, by: segmentSize).map { start in
                var part = segment
                part.payload = Array(segment.payload[start..<min(start + segmentSize, segment.payload.count)])
                part.capturedLength = part.payload.count
                part.sequenceNumber = segment.sequenceNumber.advanced(by: start)
                return part
            }
        }
    }

    /// Puts the records of one peer together, ten at a time, so that segments are full.
    private static func joined(_ segments: [ScriptedSegment], of sender: Sender) -> [ScriptedSegment] {
        var result: [ScriptedSegment] = []
        var open: Int?
        for segment in segments {
            if segment.sender == sender, segment.flags.isDisjoint(with: [.syn, .fin]), !segment.payload.isEmpty {
                if let place = open {
                    result[place].payload += segment.payload
                    result[place].capturedLength = result[place].payload.count
                    if result[place].payload.count > 1_200 { open = nil }
                    continue
                }
                open = result.count
            } else if segment.sender != sender, !segment.payload.isEmpty {
                open = nil
            }
            result.append(segment)
        }
        return result
    }

    @Test("frame by frame", arguments: rows)
    func lost(row: Row) throws {
        let session = SealedSession(row.suite, seed: 11)
        let conversation = Self.conversation(of: row.sender)
        let whole = Observed(conversation)
        try #require(whole.findings.isEmpty && whole.frames.count > Self.frameCount)
        let secured = try #require(conversation.segments.secured(by: session))
        var segments = Self.recut(Self.joined(secured, of: row.sender), of: row.sender)
        let (hole, touched) = try Self.hole(in: &segments, row)
        try #require(touched.count >= row.count / 3 && !hole.isEmpty)
        var options = AnalysisOptions()
        options.tls.supply = session
        let observed = Observed(segments, options)
        #expect(observed.ids.allSatisfy { $0.rawValue.hasPrefix("capture-") })
        #expect(observed.verdicts == [.valid])
        let sent = Self.lines(whole, from: row.sender)
        // The hello and the upgrade take two records; frames begin with the next.
        let expected = sent.enumerated().filter { !touched.contains($0.offset + 2) }.map(\.element)
        #expect(Self.lines(observed, from: row.sender) == expected)
        #expect(Self.lines(observed, from: row.sender.peer) == Self.lines(whole, from: row.sender.peer))
        #expect(observed.summary.tls.read == 1 && observed.unread.isEmpty)
    }

    /// Takes segments out of the middle; returns where in the sender's bytes they were, and which of its records they touch.
    private static func hole(
        in segments: inout [ScriptedSegment], _ row: Row
    ) throws -> (bytes: Range<Int>, records: Set<Int>) {
        let places = segments.indices.filter { segments[$0].sender == row.sender && !segments[$0].payload.isEmpty }
        var starts: [Int] = []
        var stream: [UInt8] = []
        for place in places {
            starts.append(stream.count)
            stream += segments[place].payload
        }
        let records = Self.records(stream)
        let headers = records.map { $0.lowerBound + 1..<$0.lowerBound + RecordHeader.length }
        let middle = starts.count / 3
        let first = try #require(
            starts.indices.first { index in
                index > middle && (!row.isInHeader || headers.contains { $0.contains(starts[index]) })
            })
        let end = first + row.count < starts.count ? starts[first + row.count] : stream.count
        let hole = starts[first]..<end
        let lost = Set(places[first..<min(first + row.count, places.count)])
        segments = segments.indices.filter { !lost.contains($0) }.map { segments[$0] }
        return (hole, Set(records.indices.filter { records[$0].overlaps(hole) }))
    }

    private static func records(_ bytes: [UInt8]) -> [Range<Int>] {
        var records: [Range<Int>] = []
        var offset = 0
        while let header = RecordHeader(bytes.span.bytes, at: offset), offset + header.recordLength <= bytes.count {
            records.append(offset..<offset + header.recordLength)
            offset += header.recordLength
        }
        return records
    }

    private static func lines(_ observed: Observed, from sender: Sender) -> [String] {
        zip(observed.frames, observed.payloads).filter { $0.0.sender == sender && $0.0.isWhole }
            .map { frame, payload in "\(frame.header.opcode) \(String(decoding: payload, as: UTF8.self))" }
    }
}
