import TapAnalysis

extension Summary {
    /// A test case for each input that could not be read to its end, and for whatever else was not read: without them,
    /// a build server takes what nobody has looked at for passed.
    func captureCases(handshakesOnly: Bool) -> [JUnitCase] {
        let skipped = [nothingJudged(handshakesOnly: handshakesOnly)].compactMap(\.self) + unreadItems.map(\.words)
        return faults.map { JUnitCase(name: $0, group: "wstap.capture", outcome: .error, lines: [$0]) }
            + skipped.map { JUnitCase(name: $0, group: "wstap.capture", outcome: .skipped(why: $0), lines: []) }
    }
}
