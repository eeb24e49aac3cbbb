import TapAnalysis
import TapCore
import TapHTTP
import TapSources
import TapSubprotocols
import TapWebSocket

/// The connections of a capture, with what is made of the messages of each.
struct CapturedTalk {
    private(set) var talks: [Talk] = []
    /// The sender of each message, by its number, of each connection.
    private(set) var senders: [[Int: Sender]] = []
    private var closed: Set<Int> = []

    init(path: String) throws {
        var capture = try CaptureFile(path: path)
        var options = AnalysisOptions()
        options.observesMessages = true
        options.payloadLimit = 1 << 20
        var analyzer = Analyzer(options: options)
        var observations = Observations()
        var end: PacketHeader?
        while let packet = try capture.next() {
            end = packet
            guard analyzer.receive(packet, capture.bytes) else { continue }
            analyzer.takeObservations(into: &observations)
            read(observations)
        }
        analyzer.finish()
        analyzer.takeObservations(into: &observations)
        read(observations)
        guard let end else { return }
        for index in talks.indices { talks[index].finish(at: end.timestamp, isClosed: closed.contains(index + 1)) }
    }

    private mutating func read(_ observations: Observations) {
        for observation in observations.all {
            switch observation {
            case .handshake(let handshake): begin(handshake)
            case .message(let message):
                guard let index = senders.indices.contains(message.connection - 1) ? message.connection - 1 : nil else {
                    continue
                }
                let payload = Array(observations.payload(of: message))
                senders[index][message.number] = message.sender
                talks[index].receive(
                    payload,
                    ApplicationMessage(
                        number: message.number, sender: message.sender, isText: message.kind == .text,
                        firstTime: message.firstTime, time: message.time))
            case .frame(let frame) where frame.header.opcode == .close:
                talks[frame.connection - 1].beginClosing(at: frame.time)
            case .connection(let connection): closed.insert(connection.number)
            case .frame, .finding, .tls: break
            }
        }
    }

    private mutating func begin(_ handshake: Handshake) {
        var target = ""
        if case .request(_, let path, _)? = handshake.request?.startLine { target = path }
        let subprotocol = handshake.response?.fields.list("Sec-WebSocket-Protocol").first
        talks.append(Talk(subprotocol, target: target))
        senders.append([:])
    }
}
