import TapFuzzing

/// What fuzzing a target begins with, by the name of its file.
enum Seeds {
    static func of(_ target: FuzzTarget) -> [(name: String, bytes: [UInt8])] {
        switch target {
        case .capture: CaptureSeeds.all
        case .packets: PacketSeeds.all
        case .reassembly: ReassemblySeeds.all
        case .http: HTTPSeeds.all
        case .frames: FrameSeeds.all
        case .messages: MessageSeeds.all
        case .subprotocols: SubprotocolSeeds.all
        case .filters: FilterSeeds.all
        case .divided: DividedSeeds.all
        case .keylog: KeyLogSeeds.all
        case .redaction: RedactionSeeds.all
        case .tls: TLSSeeds.all
        case .http2: HTTP2Seeds.all
        case .streams: StreamSeeds.all
        case .quic: QUICSeeds.all
        case .http3: HTTP3Seeds.all
        // Those are the samples.
        case .pipeline: []
        }
    }
}
