import TapTestSupport
import Testing

/// What holds for any capture, whatever became of its packets on their way.
@Suite("Random captures")
struct RandomCaptureTests {
    @Test("captures that are made up have all that connections have")
    func traits() {
        let traits = (0..<150).reduce(into: Set<DialogueTrait>()) { traits, seed in
            var generator = SeededGenerator(seed: seed)
            for dialogue in RandomCapture(&generator).dialogues { traits.formUnion(dialogue.traits) }
        }
        #expect(traits == Set(DialogueTrait.allCases))
    }

    @Test("what was sent is found, and nothing else")
    func whole() {
        let faults = RandomSeeds.faults(40) { .whole($0) }
        #expect(faults.isEmpty)
    }

    @Test("order, copies, cuts and keep-alives change no frame, no message and no finding")
    func mangled() {
        let faults = RandomSeeds.faults(30) { .mangled($0) }
        #expect(faults.isEmpty)
    }

    @Test("nor do link layers, tunnels, fragments and file formats")
    func reencapsulated() throws {
        let faults = try RandomSeeds.faults(40) { try .reencapsulated($0) }
        #expect(faults.isEmpty)
    }

    @Test("a capture that ends early gives the first of the frames, of the messages and of the accusations")
    func cut() {
        let faults = RandomSeeds.faults(20) { .cut($0) }
        #expect(faults.isEmpty)
    }

    @Test(
        "whatever packets are missing, no frame and no message is made up, and nobody is accused of what is not there")
    func truthful() {
        let faults = RandomSeeds.faults(48) { LossyCapture($0).truthful }
        #expect(faults.isEmpty)
    }

    @Test("whatever packets are missing, who began the end is said only where that is known")
    func ended() {
        let faults = RandomSeeds.faults(48) { LossyCapture($0).ended }
        #expect(faults.isEmpty)
    }

    @Test("every missing byte is counted, and no other")
    func counted() {
        let faults = RandomSeeds.faults(48) { LossyCapture($0).counted }
        #expect(faults.isEmpty)
    }

    @Test("of frames behind certain ones, 99 of 100 are decoded")
    func decoded() {
        let counts = RandomSeeds.some(160).map { ($0, LossyCapture($0).decoded) }
        let (decoded, all) = counts.reduce((0, 0)) { ($0.0 + $1.1.frames, $0.1 + $1.1.of) }
        let worst = counts.max { $0.1.of - $0.1.frames < $1.1.of - $1.1.frames }
        #expect(
            all > 0 && decoded * 100 >= all * 99,
            "\(decoded) of \(all); most are lost in \(worst.map { "\($0)" } ?? "none")")
    }
}
