import TapTestSupport
import Testing

/// Silence is no way to pass: what is found in the captures that break a rule is found whatever became of their packets.
@Suite("Mirrored captures of broken rules")
struct MirrorTests {
    /// Each seed has one of the captures.
    private static func sample(_ seed: Int) -> (sample: MirroredSample, generator: SeededGenerator) {
        // What tells the two copies of a packet apart, as a VLAN does, is not in a scripted segment.
        // Captures of HTTP/3 have no segments.
        let captures = ConformanceTests.captures.filter {
            $0.name != "capture-duplicated.pcap" && !$0.name.contains("h3-")
        }
        let capture = captures[seed % captures.count]
        let sample = MirroredSample(
            path: Wstap.sample("conformance/\(capture.name)"), name: capture.name, isLegal: capture.findings.isEmpty,
            isLimited: !capture.options.isEmpty)
        return (sample, SeededGenerator(seed: 5_000_000 + seed))
    }

    @Test("order, copies, cuts and keep-alives change no finding")
    func mangled() {
        var inexact: [String] = []
        var all = 0
        let faults = RandomSeeds.faults(ConformanceTests.captures.count) { seed in
            var (sample, generator) = Self.sample(seed)
            let found = sample.mangled(&generator)
            all += 1
            if !found.isExact { inexact.append("\(seed): \(found.checked.property)") }
            return found.checked
        }
        #expect(faults.isEmpty)
        #expect(all > 0 && inexact.count * 100 <= all, "\(inexact.count) of \(all): \(inexact.prefix(20))")
    }

    @Test("a packet that no finding needs may be lost: 95 of 100 are kept, and none is added")
    func lossy() {
        var lost: [String] = []
        var all = 0
        let faults = RandomSeeds.faults(ConformanceTests.captures.count) { seed in
            var (sample, generator) = Self.sample(seed)
            guard let found = sample.withLoss(&generator) else {
                return CheckedCapture(property: "mirror-loss", packets: [])
            }
            all += 1
            if !found.isKept { lost.append("\(seed): \(found.checked.property)") }
            return found.checked
        }
        #expect(faults.isEmpty)
        #expect(all > 0 && lost.count * 20 <= all, "\(lost.count) of \(all): \(lost.prefix(20))")
    }
}
