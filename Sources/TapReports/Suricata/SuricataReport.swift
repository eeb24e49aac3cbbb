import TapAnalysis
import TapCore
import TapWebSocket

/// Events as Suricata's EVE log has them: `websocket` for each frame, and `anomaly` for each finding.
public struct SuricataReport: Report {
    private var known = KnownConnections()

    public init() {}

    /// What the report looks at.
    public static let events: ReportEvents = [.handshake, .frame, .finding, .connection]

    public mutating func write(_ observations: Observations, start: Timestamp, to output: inout [UInt8]) {
        JSONWriter.append(to: &output) { writer in
            for observation in observations.all {
                known.note(observation)
                switch observation {
                case .frame(let frame):
                    guard let facts = known[frame.connection] else { continue }
                    writer.write(event: frame, of: facts)
                case .finding(let finding):
                    guard let facts = known[finding.connection] else { continue }
                    writer.write(event: finding, of: facts)
                case .handshake, .message, .connection, .tls: break
                }
            }
        }
    }

    public mutating func finish(_ summary: Summary, dropped: UInt64, to output: inout [UInt8]) {}
}

extension JSONWriter {
    fileprivate mutating func write(event frame: Frame, of facts: ConnectionFacts) {
        begin("websocket", frame.time, frame.packet, from: frame.sender, of: facts)
        beginObject("websocket")
        member("fin", frame.header.isFinal)
        if frame.header.isMasked { member("mask", frame.header.maskingKey) }
        member("opcode", frame.header.opcode.suricataName)
        endObject()
        endObject()
        raw("\n")
    }

    fileprivate mutating func write(event finding: Finding, of facts: ConnectionFacts) {
        begin("anomaly", finding.time, finding.packet, from: finding.sender ?? .client, of: facts)
        beginObject("anomaly")
        member("app_proto", "websocket")
        member("type", "applayer")
        member("event", finding.violation.id.rawValue)
        member("layer", "proto_parser")
        endObject()
        endObject()
        raw("\n")
    }

    /// What all events have in common.
    private mutating func begin(
        _ type: String, _ time: Timestamp, _ packet: PacketNumber, from sender: Sender, of facts: ConnectionFacts
    ) {
        let (source, destination) =
            sender == .client ? (facts.client, facts.server) : (facts.server, facts.client)
        beginObject()
        member("timestamp", TimeText.microseconds(time, zone: "+0000"))
        member("flow_id", facts.flow)
        member("pcap_cnt", packet.rawValue)
        member("event_type", type)
        if !facts.vlans.isEmpty { member("vlan", facts.vlans) }
        member("src_ip", source.address.description)
        member("src_port", source.port)
        member("dest_ip", destination.address.description)
        member("dest_port", destination.port)
        member("proto", facts.stream?.transport.isOverUDP ?? false ? "UDP" : "TCP")
        member("community_id", facts.communityID)
        if let stream = facts.stream {
            beginObject(stream.transport.isOverUDP ? "http3" : "http2")
            member("stream_id", UInt64(stream.number))
            endObject()
        }
    }
}

extension Opcode {
    /// Suricata knows fewer names.
    fileprivate var suricataName: String {
        switch self {
        case .continuation, .text, .binary, .ping, .pong: description
        default: "unknown-\(rawValue)"
        }
    }
}
