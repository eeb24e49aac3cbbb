import TapTestSupport

/// Captures that end early.
extension CheckedCapture {
    /// They give the first of the frames, of the messages and of the accusations.
    static func cut(_ seed: Int) -> CheckedCapture {
        var generator = SeededGenerator(seed: 3_000_000 + seed)
        let capture = RandomCapture(&generator)
        let packets = capture.segments.packets()
        let whole = CaptureFacts(packets)
        // Every place in small captures, some places in all.
        let places =
            packets.count < 60
            ? Array(0..<packets.count) : (0..<8).map { _ in Int.random(in: 0..<packets.count, using: &generator) }
        var checked = CheckedCapture(property: "cut", packets: packets)
        for place in places {
            let facts = CaptureFacts(Array(packets[..<place]))
            checked.note(facts.fault(asBeginningOf: whole, capture), "cut before packet \(place + 1): ")
        }
        return checked
    }
}

extension CaptureFacts {
    /// What a capture that ends early has and the whole one has not.
    fileprivate func fault(asBeginningOf whole: CaptureFacts, _ capture: RandomCapture) -> String? {
        for peer in peers {
            let (mine, all) = (frames(of: peer).filter(\.isWhole), whole.frames(of: peer))
            if let difference = firstDifference(mine, Array(all.prefix(mine.count))) { return "\(peer): \(difference)" }
            let (said, sent) = (messages(of: peer), whole.messages(of: peer))
            if let difference = firstDifference(said, Array(sent.prefix(said.count))) {
                return "\(peer): \(difference)"
            }
        }
        if let more = accusations.firstBeyond(capture.faults) { return "\(more) is said" }
        return brokenTimes.first
    }
}

extension [FindingFacts] {
    /// The first that `others` have not, or not so often.
    func firstBeyond(_ others: [FindingFacts]) -> FindingFacts? {
        var rest = others
        for finding in self {
            guard let index = rest.firstIndex(of: finding) else { return finding }
            rest.remove(at: index)
        }
        return nil
    }
}
