/// The parsers that are fuzzed, each with what must hold of it whatever the input is.
public enum FuzzTarget: String, CaseIterable, Sendable {
    /// Capture files, compressed or not.
    case capture
    /// Packets of every link type, and fragments of IP packets.
    case packets
    /// TCP segments of a few flows, put in order.
    case reassembly
    /// HTTP heads of both directions, and the opening handshake in them.
    case http
    /// WebSocket frames, their masks and their text.
    case frames
    /// WebSocket messages of both directions, compressed or not.
    case messages
    /// What the peers of a subprotocol say to each other.
    case subprotocols
    /// Display filters, and what they hold for.
    case filters
    /// Captures of several connections, analyzed by one analyzer and by two that share them.
    case divided
    /// Key logs.
    case keylog
    /// TLS records and handshakes of both directions, with keys and without.
    case tls
    /// HTTP/2 frames and header blocks of both directions.
    case http2
    /// Connections of HTTP/2 whose streams are WebSocket, through the whole analysis.
    case streams
    /// Packets of QUIC of both directions, with keys and without.
    case quic
    /// Frames, field sections and insertions of HTTP/3.
    case http3
    /// Texts and bytes that secrets are taken out of.
    case redaction
    /// Capture files through the whole analysis, into every report.
    case pipeline

    /// The registered numbers of the link types that a packet's first byte chooses from.
    public static var linkTypes: [UInt32] { PacketTarget.linkTypes.map(\.rawValue) }

    /// Feeds `bytes` to the parser; ends the process where a property does not hold.
    public func run(_ bytes: [UInt8]) {
        switch self {
        case .capture: CaptureTarget.run(bytes)
        case .packets: PacketTarget.run(bytes)
        case .reassembly: ReassemblyTarget.run(bytes)
        case .http: HTTPTarget.run(bytes)
        case .frames: FrameTarget.run(bytes)
        case .messages: MessageTarget.run(bytes)
        case .subprotocols: SubprotocolTarget.run(bytes)
        case .filters: FilterTarget.run(bytes)
        case .divided: DividedTarget.run(bytes)
        case .keylog: KeyLogTarget.run(bytes)
        case .tls: TLSTarget.run(bytes)
        case .http2: HTTP2Target.run(bytes)
        case .streams: StreamTarget.run(bytes)
        case .quic: QUICTarget.run(bytes)
        case .http3: HTTP3Target.run(bytes)
        case .redaction: RedactionTarget.run(bytes)
        case .pipeline: PipelineTarget.run(bytes)
        }
    }
}
