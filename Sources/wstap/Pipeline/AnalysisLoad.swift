import Glibc
import TapAnalysis
import TapCore
import TapSources

/// How much there is to do with the packets of a capture beside reading them.
///
/// Where that is little, a thread that reads ahead is all that is of use; where it is much, it is worth to divide it. How
/// much it is depends on what the packets hold, so the first ones are tried. What comes out is the same either way.
enum AnalysisLoad {
    /// How many times as long as reading the analysis must take to be divided, by measurement: below, threads wait for one
    /// another longer than they save.
    private static let worthDividing = 3.5
    /// The same where frames or messages are observed: they have to be put in order again, and to write them takes longer
    /// than most analyses.
    private static let worthDividingObserved = 20.0
    /// Shorter files are through before anything could be gained.
    static let leastSize: UInt64 = 16 << 20
    /// Up to where a capture is tried, and from where on that counts: what is done for the first time takes longer.
    private static let tried: UInt64 = 1 << 20
    private static let counted: UInt64 = 384 << 10
    /// How many packets are tried between two looks at the clock.
    private static let packetsAtOnce = 64

    /// Whether it is worth to divide the analysis of a file, which is opened for that and closed again. One that is shorter
    /// than what is tried, or cannot be read so far, is not divided.
    static func isHeavy(_ path: String, _ options: AnalysisOptions) -> Bool {
        let isObserved = options.observesFrames || options.observesMessages
        let factor = 1 + (isObserved ? worthDividingObserved : worthDividing)
        guard let reading = time(of: path, atMost: .infinity, { _, _ in }) else { return false }
        var analyzer = Analyzer(options: options)
        var observations = Observations()
        let all = time(of: path, atMost: reading * factor) { packet, bytes in
            analyzer.receive(packet, bytes)
            if analyzer.hasObservedMuch { analyzer.takeObservations(into: &observations) }
        }
        return all.map { $0 >= reading * factor } ?? false
    }

    /// How long the packets that count take, in nanoseconds of this thread's work; no longer than a limit.
    private static func time(
        of path: String, atMost limit: Double, _ receive: (PacketHeader, RawSpan) -> Void
    ) -> Double? {
        var files = CaptureFiles(paths: [path], batchSize: nil)
        guard files.errors.isEmpty else { return nil }
        var start: Double?
        while files.position < tried, now - (start ?? now) < limit {
            if start == nil, files.position >= counted { start = now }
            for _ in 0..<packetsAtOnce {
                guard let packet = files.next() else { return nil }
                receive(packet, files.bytes)
            }
        }
        return start.map { now - $0 }
    }

    private static var now: Double {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Double(time.tv_sec) * 1e9 + Double(time.tv_nsec)
    }
}
