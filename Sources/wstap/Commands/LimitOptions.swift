import ArgumentParser
import TapAnalysis
import TapReports

/// What the analysis may cost. The usual values are those of the library.
struct LimitOptions: ParsableArguments {
    private static let usual = AnalysisOptions()

    @Option(help: ArgumentHelp("TCP connections followed at once.", valueName: "count"))
    var maxFlows = usual.streams.flows

    @Option(help: ArgumentHelp("WebSocket connections followed at once.", valueName: "count"))
    var maxConnections = usual.connectionLimit

    @Option(help: ArgumentHelp("Streams followed at once on one connection of HTTP/2.", valueName: "count"))
    var maxStreams = usual.streamLimit

    @Option(help: ArgumentHelp("IP packets that wait for fragments.", valueName: "count"))
    var maxFragmented = usual.fragments.packets

    @Option(help: ArgumentHelp("Bytes held of IP packets that wait for fragments.", valueName: "bytes"))
    var maxFragmentedTotal = usual.fragments.heldBytes

    @Option(help: ArgumentHelp("Seconds of silence after which a TCP connection is given up.", valueName: "seconds"))
    var idleTimeout = Int(usual.streams.idleTime / 1_000_000_000)

    @Option(help: ArgumentHelp("Bytes buffered after a gap, for each direction of a connection.", valueName: "bytes"))
    var maxHeld = usual.streams.heldBytesPerDirection

    @Option(help: ArgumentHelp("Bytes buffered after gaps, in all.", valueName: "bytes"))
    var maxHeldTotal = usual.streams.heldBytes

    @Option(
        help: ArgumentHelp("Segments buffered after a gap, for each direction of a connection.", valueName: "count"))
    var maxHeldSegments = usual.streams.heldSegmentsPerDirection

    @Option(
        help: ArgumentHelp(
            "Bytes kept of the latest segments, in all, to compare retransmissions with; 0 compares nothing.",
            valueName: "bytes"))
    var maxRecent = usual.streams.recentBytes

    @Option(help: ArgumentHelp("Payload bytes kept of one frame or message.", valueName: "bytes"))
    var maxPayload = usual.payloadLimit

    @Option(help: ArgumentHelp("Payload bytes kept of all unfinished frames and messages.", valueName: "bytes"))
    var maxPayloadTotal = usual.pendingPayloadLimit

    @Option(help: ArgumentHelp("Bytes that one compressed message is inflated to.", valueName: "bytes"))
    var maxInflated = Int(usual.inflatedLimit)

    @Option(
        help: ArgumentHelp(
            "How many times its size a compressed message may inflate to, from 1 MiB on.", valueName: "times"))
    var maxRatio = Int(usual.inflationRatio)

    @Option(
        help: ArgumentHelp(
            "Connections whose messages are inflated at once, each direction counted.", valueName: "count"))
    var maxInflaters = usual.inflaterLimit

    @Option(
        help: ArgumentHelp("Bytes of an HTTP head, and of what may follow it before the response.", valueName: "bytes"))
    var maxHead = usual.headLimit

    @Option(help: ArgumentHelp("Total of the above over all connections.", valueName: "bytes"))
    var maxHeadTotal = usual.heldHTTPLimit

    @Option(help: ArgumentHelp("Requests of one connection that wait for their responses.", valueName: "count"))
    var maxPipeline = usual.pipelineLimit

    @Option(help: ArgumentHelp("Findings reported one by one, for each connection.", valueName: "count"))
    var maxFindings = usual.findingsPerConnection

    @Option(
        help: ArgumentHelp(
            "TCP connections not yet known to be WebSocket or not.", valueName: "count"))
    var maxUndecided = usual.undecidedLimit

    @Option(
        help: ArgumentHelp("Bytes held of the messages of open connections, for an HTTP archive.", valueName: "bytes"))
    var maxArchive = HARReport.usualHeldLimit

    @Option(
        help: ArgumentHelp("Bytes of an inflated payload that -x and follow show.", valueName: "bytes"))
    var maxShown = ReportOptions.usualShownLimit

    func validate() throws {
        let values = [
            maxFlows, idleTimeout, maxHeld, maxHeldTotal, maxPayload, maxPayloadTotal, maxHead, maxHeadTotal,
            maxConnections, maxStreams, maxFragmented, maxFragmentedTotal, maxFindings, maxInflated, maxRatio,
            maxInflaters,
            maxPipeline, maxHeldSegments, maxUndecided, maxArchive, maxShown,
        ]
        guard values.allSatisfy({ $0 > 0 && $0 <= Int(Int32.max) }) else {
            throw ValidationError("limits lie between 1 and \(Int32.max)")
        }
        guard maxRecent >= 0, maxRecent <= Int(Int32.max) else {
            throw ValidationError("--max-recent lies between 0 and \(Int32.max)")
        }
    }

    var analysisOptions: AnalysisOptions {
        var options = AnalysisOptions()
        options.streams.flows = maxFlows
        options.connectionLimit = maxConnections
        options.streamLimit = maxStreams
        options.fragments.packets = maxFragmented
        options.fragments.heldBytes = maxFragmentedTotal
        options.streams.idleTime = Int64(idleTimeout) * 1_000_000_000
        options.streams.heldBytesPerDirection = maxHeld
        options.streams.heldBytes = maxHeldTotal
        options.streams.heldSegmentsPerDirection = maxHeldSegments
        options.streams.recentBytes = maxRecent
        options.payloadLimit = maxPayload
        options.pendingPayloadLimit = maxPayloadTotal
        options.inflatedLimit = UInt64(maxInflated)
        options.inflationRatio = UInt64(maxRatio)
        options.inflaterLimit = maxInflaters
        options.headLimit = maxHead
        options.heldUpgradeLimit = maxHead
        options.heldHTTPLimit = maxHeadTotal
        options.pipelineLimit = maxPipeline
        options.findingsPerConnection = maxFindings
        options.undecidedLimit = maxUndecided
        return options
    }
}
