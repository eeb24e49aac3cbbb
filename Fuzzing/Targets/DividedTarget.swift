import TapAnalysis
import TapTestSupport

/// The divided analysis: analyzers that follow a part of the connections each make of a capture what one makes of it.
///
/// The input is a number for where they hand over what they observed, and what happens in the capture; see ``CaptureScript``.
enum DividedTarget {
    static func run(_ bytes: [UInt8]) {
        var input = FuzzInput(bytes)
        var generator = SeededGenerator(seed: input.byte())
        let packets = CaptureScript(&input).packets
        let whole = DividedReading.whole(packets, options)
        let divided = DividedReading.divided(packets, options, &generator)
        Property.hold(whole == divided, "divided or not is the same:\n\(whole)\n\(divided)")
    }

    /// Small limits of each connection, so that short inputs reach them.
    private static var options: AnalysisOptions {
        var options = AnalysisOptions()
        options.decodesMessages = true
        options.observesMessages = true
        options.findingsPerConnection = 5
        options.pipelineLimit = 3
        options.inflatedLimit = 1 << 10
        options.observationsPerPacket = 8
        options.payloadPerPacket = 64
        return options
    }
}
