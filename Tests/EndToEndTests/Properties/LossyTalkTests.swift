import TapTestSupport
import Testing

/// Nothing that was concluded from what came before is said where that may be missing.
@Suite("Missing packets of what peers say")
struct LossyTalkTests {
    @Test(
        "nobody is accused, no unit is made up, and no answer is given to another request",
        arguments: ApplicationTests.spoken)
    func lossy(capture: String) {
        let name = capture.split(separator: "/").last.map { String($0.prefix { $0 != "." }) } ?? capture
        let talk = LossyTalk(path: Wstap.sample(capture), name: name)
        let faults = RandomSeeds.faults(12) { seed in
            var generator = SeededGenerator(seed: 7_000_000 + seed)
            return talk.checked(&generator)
        }
        #expect(faults.isEmpty)
    }
}
