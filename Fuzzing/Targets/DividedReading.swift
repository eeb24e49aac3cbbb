import TapAnalysis
import TapCore
import TapReports
import TapTestSupport

/// What is written of a capture, analyzed by one analyzer or by several that follow a part of the connections each.
package enum DividedReading {
    /// What one analyzer that follows all makes of it.
    package static func whole(_ packets: [CapturedPacket], _ options: AnalysisOptions) -> String {
        var analyzer = Analyzer(options: options)
        for packet in packets { analyzer.receive(packet.header, packet.bytes.span.bytes) }
        analyzer.finish()
        var observations = Observations()
        analyzer.takeObservations(into: &observations)
        return text(packets, [observations], analyzer.summary)
    }

    /// What those make of it together that follow a part each, and hand over what they observed wherever `generator` says.
    package static func divided(
        _ packets: [CapturedPacket], _ options: AnalysisOptions, _ generator: inout SeededGenerator
    ) -> String {
        var sorter = PartSorter(options)
        let parts = packets.map { sorter.part(of: $0.bytes.span.bytes, $0.header) }
        var first = Part(0, options)
        var second = Part(1, options)
        var merge = ObservationMerge(parts: 2)
        var batches: [Observations] = []
        while let awaited = merge.awaited(upTo: .end) {
            let count = 1 + generator.length(upTo: 40)
            if awaited == 0 {
                first.go(count, packets, parts, to: &merge)
            } else {
                second.go(count, packets, parts, to: &merge)
            }
            var merged = Observations()
            merge.merge(into: &merged, upTo: .end)
            batches.append(merged)
        }
        Property.hold(first.hasEnded && second.hasEnded, "nothing is awaited any more where all was analyzed")
        return text(packets, batches, merge.summary(of: [first.analyzer.summary, second.analyzer.summary]))
    }

    private static func text(_ packets: [CapturedPacket], _ batches: [Observations], _ summary: Summary) -> String {
        var report = NDJSONReport(ReportOptions(events: .standard.union(.message)))
        var output: [UInt8] = []
        let start = packets.first?.header.timestamp ?? Timestamp(nanoseconds: 0)
        for batch in batches { report.write(batch, start: start, to: &output) }
        report.finish(summary, dropped: 0, to: &output)
        return String(decoding: output, as: UTF8.self)
    }

    /// One of the analyzers, and how far it is.
    private struct Part: ~Copyable {
        let number: Int
        var analyzer: Analyzer
        var place = 0
        var hasEnded = false

        init(_ number: Int, _ options: AnalysisOptions) {
            self.number = number
            analyzer = Analyzer(options: options, onlyPart: number)
        }

        /// Goes on for some packets, and hands over what it observed.
        mutating func go(
            _ count: Int, _ packets: [CapturedPacket], _ parts: [Int?], to merge: inout ObservationMerge
        ) {
            let end = min(place + count, packets.count)
            var bound: ObservationOrder?
            if place < end {
                for index in place..<end where parts[index] ?? number == number {
                    let packet = packets[index]
                    analyzer.receive(packet.header, packet.bytes.span.bytes)
                }
                var totals = PacketTotals()
                for packet in packets[place..<end] { totals.note(packet.header, capturedLength: packet.bytes.count) }
                analyzer.pass(last: packets[end - 1].header, totals: totals)
                place = end
            } else {
                hasEnded = !analyzer.finishPart()
                bound = hasEnded ? .end : nil
            }
            var observations = Observations()
            analyzer.takeObservations(into: &observations)
            merge.receive(&observations, upTo: bound ?? analyzer.order, from: number)
        }
    }
}
