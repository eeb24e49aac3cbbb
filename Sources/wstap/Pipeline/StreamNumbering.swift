import TapAnalysis
import TapSources
import TapTransport

extension StreamNumbers {
    /// Reads capture files for nothing but these numbers.
    init(of paths: [String], _ options: AnalysisOptions) {
        self.init()
        var fragments = FragmentTable(limits: options.fragments)
        var files = CaptureFiles(paths: paths)
        while let packet = files.next() { receive(packet, files.bytes, &fragments) }
    }
}
