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
    /// Where it is written, unless that is standard output.
    private let file: OutputFile?
    private let files: [String]
    private let filter: String?
    private var packets: ConnectionPackets
    private var comments: PacketComments
    /// Where the secrets are that connections were read with, and whether those of logs may be handed on; `nil` where none is to
    /// be in the capture.
    private let secrets: (supply: SecretsOnDemand, includesLogs: Bool)?
    private var decrypted: [TLSDetails] = []
    /// How the files are analyzed, where connections are to be written as what TLS carries of them.
    private let decryption: AnalysisOptions?
    private var carriers: Set<TLSCarrier> = []
    /// Where connections are streams, by the name of their protocol: their packets hold other streams, too.
    private var carrying: Set<String> = []
    /// Whether a connection is in QUIC, which has no plain packets.
    private var hasQUIC = false

    /// What it looks at.
    static let events: ReportEvents = [.handshake, .finding]

    /// - Parameters:
    ///   - path: as the user names it.
    ///   - file: where it is written, unless that is standard output.
    ///   - input: the files that are being analyzed.
    ///   - decryption: how the files are analyzed, where connections are to be written without their TLS.
    init(
        path: String, in file: OutputFile?, from input: FileArguments,
        secrets: (supply: SecretsOnDemand, includesLogs: Bool)?,
        decryption: AnalysisOptions?
    ) {
        self.path = path
        self.file = file
        self.secrets = secrets
        self.decryption = decryption
        files = input.files
        filter = input.captureFilter
        packets = ConnectionPackets()
        comments = PacketComments()
    }

    func write(_ observations: Observations, start: Timestamp) throws(OutputError) {
        comments.note(observations)
        for case .handshake(let handshake) in observations.all {
            let isQUIC = handshake.stream?.transport.isOverUDP ?? false
            if let stream = handshake.stream { carrying.insert(stream.transport.protocolName) }
            hasQUIC = hasQUIC || isQUIC
            if isQUIC, decryption != nil {
                packets.note(handshake)
                continue
            }
            if secrets != nil || decryption != nil, let tls = handshake.tls { decrypted.append(tls) }
            if decryption != nil, let carrier = handshake.carrier {
                carriers.insert(carrier)
                packets.leaveOutFragments(of: handshake)
            } else {
                packets.note(handshake)
            }
        }
    }

    func finish(_ summary: Summary, dropped: UInt64) throws(OutputError) {
        try file?.empty()
        do throws(CaptureError) {
            var filter = try filter.map { expression throws(CaptureError) in try CaptureFilter(expression) }
            var first = CaptureFiles(paths: files)
            while let packet = first.next() { packets.noteBeginning(packet, first.bytes) }
            packets.finishBeginnings()
            var writer = try writer()
            try writeSecrets(to: &writer)
            try writePackets(&filter, to: &writer)
            try writer.finish()
        } catch {
            throw .failed(error.description)
        }
        try file?.publish()
        if packets.isEmpty, carriers.isEmpty {
            StandardError.say("no WebSocket connection to write: \(place) holds no packets")
        }
        if !carrying.isEmpty, decryption == nil {
            let names = carrying.sorted().joined(separator: " and ")
            StandardError.say("\(place) holds all of the \(names) connections that chosen streams are on")
        }
        if hasQUIC, decryption != nil { StandardError.say("what is in QUIC is in \(place) as it was captured") }
        tellDecrypted()
    }

    private func writer() throws(CaptureError) -> CaptureWriter {
        guard let file else { return try CaptureWriter(path: "-") }
        return try CaptureWriter(to: file.descriptor, named: path)
    }

    private func writePackets(
        _ filter: inout CaptureFilter?, to writer: inout CaptureWriter
    ) throws(CaptureError) {
        var plain = decryption.map { PlainPackets(of: carriers, $0) }
        var told: Set<PacketNumber> = []
        var files = CaptureFiles(paths: files)
        while let packet = files.next() {
            guard filter?.accepts(packet, files.bytes) ?? true else { continue }
            let kept = files.comments.filter(\.isOnPacket).map(\.text)
            if packets.contains(packet, files.bytes) {
                try writer.write(packet, files.bytes, comments: kept + comments.bytes(on: packet.number))
            }
            plain?.receive(packet, files.bytes)
            try write(&plain, kept, of: packet.number, &told, to: &writer)
        }
        var isMore = plain != nil
        while isMore {
            isMore = plain?.finishPart() ?? false
            try write(&plain, [], of: PacketNumber(0), &told, to: &writer)
        }
    }

    /// Writes the packets without TLS that there are now, with what is to be said of a captured one on the first that has its
    /// number.
    private func write(
        _ plain: inout PlainPackets?, _ kept: [[UInt8]], of packet: PacketNumber, _ told: inout Set<PacketNumber>,
        to writer: inout CaptureWriter
    ) throws(CaptureError) {
        guard let written = plain?.packets, !written.isEmpty else { return }
        var kept = kept
        for one in written {
            let number = one.header.number
            var texts = comments.bytes(on: number)
            if !texts.isEmpty, !told.insert(number).inserted { texts = [] }
            if number == packet {
                texts = kept + texts
                kept = []
            }
            try writer.write(one.header, one.bytes.span.bytes, comments: texts)
        }
        plain?.removePackets()
    }

    /// Says how many connections anybody can read now.
    private func tellDecrypted() {
        guard decryption != nil else { return }
        guard !carriers.isEmpty else { return StandardError.say("none of the chosen connections was read through TLS") }
        let verb = decrypted.count == 1 ? "is" : "are"
        StandardError.say(
            "\(Decimal.counted(UInt64(decrypted.count), "connection")) \(verb) in plain text in \(place)")
    }

    private var place: String { path == "-" ? "standard output" : path }

    /// Only those of the connections in the capture, and says so.
    private func writeSecrets(to writer: inout CaptureWriter) throws(CaptureError) {
        guard let secrets else { return }
        var lines = secrets.supply.lines(for: decrypted, includesLogs: secrets.includesLogs)
        let count = lines.count { $0 == UInt8(ascii: "\n") }
        guard count > 0 else { return }
        try writer.write(secrets: lines.span.bytes)
        Secret.wipe(&lines)
        let connections = Decimal.counted(UInt64(decrypted.count), "connection")
        let verb = count == 1 ? "is" : "are"
        StandardError.say("\(Decimal.counted(UInt64(count), "secret")) of \(connections) \(verb) in \(place)")
    }
}
