import TapAnalysis
import TapCore
import TapHTTP

/// What a row about a frame or a finding has to say of its connection.
struct ConnectionFacts {
    let client: Endpoint
    let server: Endpoint
    /// The VLANs that the client was seen in, the outermost first.
    let vlans: [Int]
    let communityID: String
    /// 53 bits of the connection's ID, so that it can be a number of JavaScript.
    let flow: UInt64
    /// Its stream, where HTTP/2 or HTTP/3 carries it.
    let stream: TunnelStream?

    init(_ handshake: Handshake) {
        client = handshake.client
        server = handshake.server
        vlans = handshake.network.elements.compactMap { if case .vlan(let number) = $0 { number } else { nil } }
        stream = handshake.stream
        communityID = CommunityID.text(of: handshake)
        flow = handshake.connectionID.rawValue & 0x1F_FFFF_FFFF_FFFF
    }
}
