import TapAnalysis
import TapCore
import TapReports
import TapSources

/// The whole way of a capture file: what is for a terminal is safe there, every record is JSON, and the totals agree with
/// the records.
enum PipelineTarget {
    /// A few bytes may decompress to very many packets.
    private static let mostPackets: UInt64 = 2_000

    static func run(_ bytes: [UInt8]) {
        let file = UnnamedFile(bytes)
        do throws(CaptureError) {
            var capture = try CaptureFile(path: file.path)
            analyze(&capture)
        } catch {
            // No capture, which is what most inputs are.
        }
    }

    /// Small limits, so that short inputs reach them.
    private static var options: AnalysisOptions {
        var options = AnalysisOptions()
        options.decodesMessages = true
        options.observesMessages = true
        options.streams.flows = 64
        options.streams.heldBytes = 64 << 10
        options.streams.heldBytesPerDirection = 16 << 10
        options.fragments.heldBytes = 64 << 10
        options.pendingPayloadLimit = 64 << 10
        options.inflatedLimit = 1 << 20
        options.headLimit = 8 << 10
        return options
    }

    private static func analyze(_ capture: inout CaptureFile) {
        var analyzer = Analyzer(options: options)
        var reports = ReportSet()
        var observations = Observations()
        var isGoingOn = true
        while isGoingOn {
            do throws(CaptureError) {
                guard let header = try capture.next(), header.number.rawValue <= mostPackets else { break }
                reports.note(header)
                let hasObserved =
                    if let process = capture.process {
                        analyzer.receive(header, capture.bytes, of: process)
                    } else {
                        analyzer.receive(header, capture.bytes)
                    }
                guard hasObserved else { continue }
                analyzer.takeObservations(into: &observations)
                reports.write(observations)
            } catch {
                isGoingOn = false
            }
        }
        analyzer.finish()
        analyzer.takeObservations(into: &observations)
        reports.write(observations)
        reports.finish(analyzer.summary)
    }
}
