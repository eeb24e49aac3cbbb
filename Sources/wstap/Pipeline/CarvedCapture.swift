import TapAnalysis
import TapCore
import TapReports
import TapSources

/// A capture of chosen connections alone, with what was found written beside the packets.
///
/// What belongs to them is known only at the end, so the files are read twice more then.
final class CarvedCapture: Destination {
    private let path: String
    private let files: [String]
    private let filter: String?
    private var packets: ConnectionPackets
    private var comments: PacketComments

    /// What it looks at.
    static let events: ReportEvents = [.handshake, .finding]

    /// - Parameter input: the files that are being analyzed.
    init(path: String, from input: FileArguments) {
        self.path = path
        files = input.files
        filter = input.captureFilter
        packets = ConnectionPackets()
        comments = PacketComments()
    }

    func write(_ observations: Observations, start: Timestamp) throws(OutputError) {
        packets.note(observations)
        comments.note(observations)
    }

    func finish(_ summary: Summary, dropped: UInt64) throws(OutputError) {
        do throws(CaptureError) {
            var filter = try filter.map { expression throws(CaptureError) in try CaptureFilter(expression) }
            var first = CaptureFiles(paths: files)
            while let packet = first.next() { packets.noteBeginning(packet, first.bytes) }
            packets.finishBeginnings()
            var writer = try CaptureWriter(path: path)
            var second = CaptureFiles(paths: files)
            while let packet = second.next() {
                let isWanted = filter?.accepts(packet, second.bytes) ?? true
                guard isWanted, packets.contains(packet, second.bytes) else { continue }
                let kept = second.comments.filter(\.isOnPacket).map(\.text)
                let new = comments[packet.number].map { Array($0.utf8) }
                try writer.write(packet, second.bytes, comments: kept + new)
            }
            try writer.finish()
        } catch {
            throw .failed(error.description)
        }
        if packets.isEmpty { StandardError.say("none of the chosen connections is in the capture") }
    }
}
