import TapAnalysis
import TapTestSupport
import TapWebSocket
import Testing

@Suite("Findings")
struct FindingTests {
    static let samples =
        FindingSample.handshakes + FindingSample.frames + FindingSample.messages + FindingSample.ends
        + FindingSample.captures + FindingSample.applications + FindingSample.streams

    @Test("each thing that is wrong is found at its frame, and nothing else is", arguments: samples)
    func found(_ sample: FindingSample) { #expect(sample.found == sample.expected) }

    @Test("each finding there is has a sample")
    func coverage() {
        let produced = Set(FindingTests.samples.flatMap { $0.found.map(\.id) })
        #expect(Set(FindingID.allCases).subtracting(produced).subtracting([.captureResynchronised]) == [])
    }

    @Test("a frame names its own findings, and the summary counts them all", arguments: FindingSample.frames)
    func named(_ sample: FindingSample) throws {
        let observed = Observed(sample.conversation)
        for frame in observed.frames {
            #expect(frame.findings == sample.expected.filter { $0.frame == frame.number }.map(\.id))
        }
        let counts = Dictionary(grouping: sample.expected, by: \.id).mapValues(\.count)
        #expect(observed.summary.findings == counts)
        for finding in observed.findings {
            let frame = try #require(observed.frames.first { $0.number == finding.frame })
            #expect(finding.packet == frame.packet && finding.time == frame.time)
        }
    }

    @Test("everything that one frame does wrong is found")
    func several() {
        var conversation = Conversation.upgraded()
        let frame = FrameBytes(.ping, [1]).unfinished.with {
            $0.reservedBits = 7
            $0.lengthForm = .sixtyFourBits
        }
        conversation.send(frame.bytes, from: .client)
        let expected: [FindingID] = [
            .frameClientUnmasked, .frameReservedBits, .frameLengthNotMinimal, .frameControlFragmented,
        ]
        #expect(Observed(conversation).frames.map(\.findings) == [expected])
    }

    @Test(
        "bits that an unknown extension may set are nobody's fault",
        arguments: ["x-unknown", "permessage-deflate, x-unknown"])
    func unknownExtension(extensions: String) {
        var conversation = Conversation.upgraded(
            HandshakeBytes(extensions: extensions, chosenExtensions: extensions))
        conversation.send(FrameBytes(text: "hello").with { $0.reservedBits = 7 }, from: .server)
        #expect(Observed(conversation).ids == [])
    }

    @Test("a good conversation has no findings")
    func good() {
        var conversation = Conversation.upgraded()
        for sender in Sender.allCases {
            conversation.send(FrameBytes(text: "one").unfinished, from: sender)
            conversation.send(FrameBytes(.ping), from: sender)
            conversation.send(FrameBytes(.continuation), from: sender)
            conversation.send(FrameBytes(.pong), from: sender)
        }
        conversation.close(by: .server, 1001, "going")
        let observed = Observed(conversation)
        #expect(observed.ids == [] && observed.frames.count == 10 && observed.verdicts == [.valid])
    }

    @Test("only so many findings of a connection are told, but all are counted", arguments: [0, 1, 100])
    func bounded(limit: Int) {
        var conversation = Conversation.upgraded()
        for _ in 0..<150 { conversation.send(FrameBytes(.ping).bytes, from: .client) }
        var options = AnalysisOptions()
        options.findingsPerConnection = limit
        let observed = Observed(conversation, options)
        #expect(observed.findings.count == limit)
        #expect(observed.summary.findings == [.frameClientUnmasked: 150])
        #expect(observed.frames.allSatisfy { $0.findings == [.frameClientUnmasked] })
    }
}
