import WebSocketTap

/// Prints each frame of a batch; what was compressed is inflated, and what could harm a terminal is escaped.
func tell(_ observations: Observations) {
    for case .frame(let frame) in observations.all {
        let inflated = observations.inflated(of: frame)
        let payload = TerminalText.escape(inflated.isEmpty ? observations.payload(of: frame) : inflated)
        print("#\(frame.connection) \(frame.sender) \(frame.header.opcode): \(payload)")
    }
}

for path in CommandLine.arguments.dropFirst() {
    var capture = try CaptureFile(path: path)
    var analyzer = Analyzer()
    var observations = Observations()
    while let packet = try capture.next() {
        guard analyzer.receive(packet, capture.bytes) else { continue }
        analyzer.takeObservations(into: &observations)
        tell(observations)
    }
    analyzer.finish()
    analyzer.takeObservations(into: &observations)
    tell(observations)
}
