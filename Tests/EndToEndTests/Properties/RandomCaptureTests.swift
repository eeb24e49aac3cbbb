import Foundation
import TapBytes
import TapTestSupport
import TapWebSocket
import Testing

/// Which captures are made up: a few, unless `WSTAP_RANDOM_CAPTURES` says it, as `count` or `first-last`. Each is the same in
/// every run.
enum RandomSeeds {
    static func range(usualCount: Int) -> Range<Int> {
        let bounds = ProcessInfo.processInfo.environment["WSTAP_RANDOM_CAPTURES"]?.split(separator: "-")
            .compactMap { Int($0) }
        guard let bounds, let last = bounds.last else { return 0..<usualCount }
        return bounds.count == 2 ? bounds[0]..<last + 1 : 0..<last
    }
}

/// What holds for any capture, whatever became of its packets on their way.
@Suite("Random captures")
struct RandomCaptureTests {
    private static let seeds = RandomSeeds.range(usualCount: 50)

    @Test("order, copies and cuts of segments change no frame")
    func mistreated() {
        for seed in Self.seeds {
            var generator = SeededGenerator(seed: seed)
            let capture = RandomCapture(&generator)
            let segments = capture.segments
                .resegmented(using: &generator)
                .shuffledAfterStarts(within: seed % 8, using: &generator)
                .duplicated(oneIn: 4, keepingFirst: 0, using: &generator) {
                    // Copies of a SYN and of its answer, behind the end, are a new connection with the same numbers, for
                    // all that one can tell.
                    !$0.flags.contains([.syn, .ack])
                }
            let decoded = Decoded(segments.packets())
            #expect(decoded.framesByPort == capture.frames, "seed \(seed)")
            #expect(decoded.findings.isEmpty, "seed \(seed): \(decoded.findings)")
        }
    }

    @Test("nor do link layers, tunnels, fragments and file formats")
    func reencapsulated() throws {
        for seed in Self.seeds {
            var generator = SeededGenerator(seed: 100_000 + seed)
            let capture = RandomCapture(&generator)
            let packets = Reencapsulation(&generator).packets(capture.segments)
            let decoded = try Decoded(FileForm(&generator).file(packets))
            #expect(decoded.framesByPort == capture.frames, "seed \(seed)")
            #expect(decoded.findings.isEmpty && decoded.errors.isEmpty, "seed \(seed): \(decoded.findings)")
        }
    }

    @Test("lost packets leave a part of the frames, and every missing byte is counted")
    func lossy() {
        for seed in Self.seeds {
            var generator = SeededGenerator(seed: 200_000 + seed)
            let capture = RandomCapture(&generator)
            let kept = capture.segments.filter { segment in
                !segment.isFrames(of: capture) || !segment.flags.isDisjoint(with: [.fin, .syn])
                    || !generator.oneIn(2 + seed % 20)
            }
            let lost = capture.segments.filter { !kept.contains($0) }
            let decoded = Decoded(kept.packets())
            Self.expectPart(decoded, of: capture, seed)
            for dialogue in capture.dialogues {
                let port = UInt16(clamping: dialogue.connection)
                let connection = decoded.connections.first { $0.client.port == port }
                for (sender, statistics) in [
                    (Sender.client, connection?.fromClient), (.server, connection?.fromServer),
                ] {
                    let missing = lost.filter { $0.sender == sender && $0.clientPort == port }
                        .reduce(0) { $0 + $1.payload.count }
                    #expect(statistics?.missingBytes == UInt64(missing), "seed \(seed), \(sender) of \(port)")
                }
            }
        }
    }

    @Test("whatever packets are missing, no frame is made up")
    func decimated() {
        for seed in Self.seeds {
            var generator = SeededGenerator(seed: 300_000 + seed)
            let capture = RandomCapture(&generator)
            let kept = capture.segments.filter { _ in !generator.oneIn(2 + seed % 20) }
            Self.expectPart(Decoded(kept.packets()), of: capture, seed)
        }
    }

    @Test("a capture that ends early gives the first of the frames")
    func cut() throws {
        for seed in Self.seeds {
            var generator = SeededGenerator(seed: 400_000 + seed)
            let capture = RandomCapture(&generator)
            let file = CaptureBuilder.pcapng(capture.segments.packets()).bytes
            let whole = try Decoded(file).frames
            // Every place in a few captures, some places in all.
            let places =
                seed % 100 == 1
                ? Array(0..<file.count) : (0..<10).map { _ in Int.random(in: 0..<file.count, using: &generator) }
            for place in places {
                let decoded = try Decoded(Array(file[..<place]))
                let frames = decoded.frames.filter { !$0.hasSuffix("incomplete") }
                #expect(frames == Array(whole.prefix(frames.count)), "seed \(seed), cut at \(place)")
            }
        }
    }

    /// Whole frames only: each was sent, and in that order.
    private static func expectPart(_ decoded: Decoded, of capture: RandomCapture, _ seed: Int) {
        var sent = capture.frames[...]
        for frame in decoded.framesByPort where !frame.hasSuffix("incomplete") {
            guard let place = sent.firstIndex(of: frame) else {
                Issue.record("seed \(seed): \(frame) was not sent, or not there")
                continue
            }
            sent = sent[(place + 1)...]
        }
    }
}

extension ScriptedSegment {
    fileprivate var clientPort: UInt16 { sender == .client ? source.port : destination.port }

    /// Whether it carries frames rather than a part of the handshake.
    fileprivate func isFrames(of capture: RandomCapture) -> Bool {
        guard let dialogue = capture.dialogues.first(where: { $0.connection == Int(clientPort) }),
            let index = dialogue.segments.firstIndex(of: self)
        else { return false }
        return index >= Conversation.upgradedPackets
    }
}
