import TapAnalysis
import TapCore
import TapReports
import TapSecurity
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
    /// Where the secrets are that connections were read with, and whether those of logs may be handed on; `nil` where none is to
    /// be in the capture.
    private let secrets: (supply: SecretsOnDemand, includesLogs: Bool)?
    private var decrypted: [TLSDetails] = []

    /// What it looks at.
    static let events: ReportEvents = [.handshake, .finding]

    /// - Parameter input: the files that are being analyzed.
    init(path: String, from input: FileArguments, secrets: (supply: SecretsOnDemand, includesLogs: Bool)?) {
        self.path = path
        self.secrets = secrets
        files = input.files
        filter = input.captureFilter
        packets = ConnectionPackets()
        comments = PacketComments()
    }

    func write(_ observations: Observations, start: Timestamp) throws(OutputError) {
        packets.note(observations)
        comments.note(observations)
        guard secrets != nil else { return }
        for case .handshake(let handshake) in observations.all {
            if let tls = handshake.tls { decrypted.append(tls) }
        }
    }

    func finish(_ summary: Summary, dropped: UInt64) throws(OutputError) {
        do throws(CaptureError) {
            var filter = try filter.map { expression throws(CaptureError) in try CaptureFilter(expression) }
            var first = CaptureFiles(paths: files)
            while let packet = first.next() { packets.noteBeginning(packet, first.bytes) }
            packets.finishBeginnings()
            var writer = try CaptureWriter(path: path)
            try writeSecrets(to: &writer)
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

    /// Only those of the connections in the capture, and says so.
    private func writeSecrets(to writer: inout CaptureWriter) throws(CaptureError) {
        guard let secrets else { return }
        var lines = secrets.supply.lines(for: decrypted, includesLogs: secrets.includesLogs)
        let count = lines.count { $0 == UInt8(ascii: "\n") }
        guard count > 0 else { return }
        try writer.write(secrets: lines.span.bytes)
        Secret.wipe(&lines)
        let connections = Decimal.counted(UInt64(decrypted.count), "connection")
        let place = path == "-" ? "standard output" : path
        let verb = count == 1 ? "is" : "are"
        StandardError.say("\(Decimal.counted(UInt64(count), "secret")) of \(connections) \(verb) in \(place)")
    }
}
