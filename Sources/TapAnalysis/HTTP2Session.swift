import TapCore
import TapHTTP
import TapHTTP2

/// A connection of HTTP/2 in a stream.
final class HTTP2Session: StreamSession {
    var connection: HTTP2Connection

    init(
        _ way: consuming HTTP2Start.Way, _ flow: FlowIdentity, proxy: ProxyHeader?, transport: TunnelStream.Transport,
        options: AnalysisOptions
    ) {
        let limits = HTTP2Limits(options)
        switch way {
        case .begun(let beginning): connection = HTTP2Connection(beginning, limits: limits)
        case .pickedUp(let pickUp): connection = HTTP2Connection(pickUp, client: nil, limits: limits)
        }
        super.init(flow, proxy: proxy, transport: transport)
        client = connection.client
    }

    /// Takes over what was found out of who the client is.
    func noteClient() { if client == nil { client = connection.client } }
}

extension HTTP2Limits {
    init(_ options: AnalysisOptions) {
        self.init()
        headBytes = options.headLimit
        streams = options.streamLimit
    }
}
