import TapAnalysis
import TapTestSupport
import TapWebSocket
import Testing

extension FloodTests {
    /// A server's frames as one stream of bytes, in segments of a good size.
    private static func stream(_ frames: [FrameBytes], extensions: String = "permessage-deflate") -> Conversation {
        var conversation = Conversation.upgraded(extensions: extensions)
        conversation.send(frames.flatMap(\.bytes), from: .server, segmentSize: 16_000)
        return conversation
    }

    /// How long the analysis takes, without its making of packets.
    static func time(_ packets: [CapturedPacket], _ options: AnalysisOptions) -> Duration {
        (0..<3).map { _ in
            ContinuousClock().measure {
                var analyzer = Analyzer(options: options)
                var batch = Observations()
                for packet in packets {
                    analyzer.receive(packet.header, packet.bytes.span.bytes)
                    analyzer.takeObservations(into: &batch)
                }
                analyzer.finish()
            }
        }.min() ?? .zero
    }

    private static let options: AnalysisOptions = {
        var options = AnalysisOptions()
        options.observesMessages = true
        return options
    }()

    @Test("100,000 frames in one connection are counted and told")
    func manyFrames() throws {
        let conversation = FloodTests.stream([FrameBytes](repeating: FrameBytes(.binary, [1, 2, 3]), count: 100_000))
        let observed = Observed(conversation, FloodTests.options)
        #expect(observed.frames.count == 100_000 && observed.messages.count == 100_000 && observed.ids == [])
        #expect(observed.frames.last?.number == 100_000 && observed.summary.messages == 100_000)
    }

    enum Shape: CaseIterable {
        case frames
        case fragments
        case compressedFragments
        case pings
        case violations
        case compressedMessages

        func frames(_ count: Int) -> [FrameBytes] {
            switch self {
            case .frames: return [FrameBytes](repeating: FrameBytes(text: "a"), count: count)
            case .fragments: return fragments(SeededGenerator.bytes(count * 8, seed: count), of: FrameBytes(.binary))
            case .compressedFragments:
                let payload = Deflater().message(SeededGenerator.bytes(count * 8, seed: count))
                return fragments(payload, of: FrameBytes(.binary).compressed)
            case .pings: return (0..<count).map { FrameBytes(.ping, [UInt8($0 & 0xFF), UInt8($0 >> 8 & 0xFF)]) }
            case .violations: return [FrameBytes](repeating: FrameBytes(.ping).unfinished, count: count)
            case .compressedMessages:
                let deflater = Deflater()
                return (0..<count).map { FrameBytes(.text, deflater.message("message \($0)")).compressed }
            }
        }

        private func fragments(_ payload: [UInt8], of first: FrameBytes) -> [FrameBytes] {
            stride(from: 0, to: payload.count, by: 8).map { start in
                let part = Array(payload[start..<min(start + 8, payload.count)])
                let frame = start == 0 ? first.with { $0.payload = part } : FrameBytes(.continuation, part)
                return start + 8 < payload.count ? frame.unfinished : frame
            }
        }
    }

    @Test("eight times as many frames take no more than about eight times as long", arguments: Shape.allCases)
    func proportional(shape: Shape) {
        let (few, many) = (FloodTests.stream(shape.frames(1_500)), FloodTests.stream(shape.frames(12_000)))
        let (fewPackets, manyPackets) = (few.segments.packets(), many.segments.packets())
        // Where each frame cost as much as all before it, this would be 64, each time; other programs may disturb one.
        let ratios = (0..<3).lazy.map { _ in
            FloodTests.time(manyPackets, FloodTests.options) / FloodTests.time(fewPackets, FloodTests.options)
        }
        #expect(ratios.contains { $0 < 32 })
    }

    @Test(
        "a message of 3,000 fragments is put together, compressed or not",
        arguments: [Shape.fragments, .compressedFragments])
    func manyFragments(shape: Shape) throws {
        let observed = Observed(FloodTests.stream(shape.frames(3_000)), FloodTests.options)
        #expect(observed.ids == [] && observed.messages.count == 1)
        #expect(observed.messagePayloads == [SeededGenerator.bytes(24_000, seed: 3_000)])
        #expect(observed.messages.first?.frames == observed.frames.count && observed.frames.count >= 3_000)
    }

    @Test("60 KB that become 60 MB are told of, and not inflated to the end", arguments: [false, true])
    func bomb(hasHighRatio: Bool) throws {
        let payload = Deflater(level: 9).message([UInt8](repeating: 0, count: 60 << 20))
        #expect(payload.count < 64 << 10)
        var options = FloodTests.options
        options.inflatedLimit = hasHighRatio ? 4 << 20 : 64 << 20
        options.inflationRatio = hasHighRatio ? .max : 200
        let observed = Observed(FloodTests.stream([FrameBytes(.binary, payload).compressed]), options)
        #expect(observed.ids == [.messageInflateLimited])
        let message = try #require(observed.messages.first)
        #expect(message.compression == .inflatedInPart && message.wireLength == UInt64(payload.count))
        // No more than what is inflated at once beyond the limit.
        #expect(message.length <= (hasHighRatio ? 4 << 20 : 17 << 20) + 32 << 10)
        #expect(observed.messagePayloads.allSatisfy { $0.count <= 1 << 20 })
        #expect(observed.frames.first?.inflatedLength == message.length)
    }

    @Test("of 5,000 handshakes, the keys of the last 4,096 are remembered")
    func manyKeys() {
        func conversation(_ number: Int, key: Int) -> [ScriptedSegment] {
            let key = HandshakeBytes.key(SeededGenerator.bytes(16, seed: key))
            let whole = Conversation.upgraded(from: UInt16(10_000 + number), HandshakeBytes(key: key))
            // What is acknowledged is of no matter here.
            return whole.segments.filter { !$0.payload.isEmpty || $0.flags.contains(.syn) }
        }
        var segments: [ScriptedSegment] = []
        for number in 0..<5_000 { segments += conversation(number, key: number) }
        // The first that is remembered, the last that is not, and the newest.
        for (index, key) in [904, 903, 4_999].enumerated() { segments += conversation(6_000 + index, key: key) }
        let observed = Observed(segments)
        #expect(observed.summary.handshakes == [.valid: 5_003])
        #expect(observed.ids == [.requestKeyReused, .requestKeyReused])
        #expect(observed.findings.map(\.connection) == [5_001, 5_003])
        #expect(observed.findings.compactMap { $0.violation.evidence.last?.value } == [.number(905), .number(5_000)])
    }
}
