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
    /// A number that tells the connection from others, in this capture and in others; up to 53 bits, so that it can be a
    /// number of JavaScript.
    let flow: UInt64
    /// Its stream, where HTTP/2 or HTTP/3 carries it.
    let stream: TunnelStream?

    init(_ handshake: Handshake) {
        client = handshake.client
        server = handshake.server
        vlans = handshake.network.elements.compactMap { if case .vlan(let number) = $0 { number } else { nil } }
        stream = handshake.stream
        communityID = CommunityID.text(of: handshake)
        flow = ConnectionFacts.hash("\(communityID) \(handshake.connection) \(handshake.time.nanoseconds)")
    }

    /// FNV-1a: the same for the same capture, wherever and whenever it is analyzed.
    private static func hash(_ text: String) -> UInt64 {
        var state: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in text.utf8 { state = (state ^ UInt64(byte)) &* 0x100_0000_01B3 }
        return (state ^ state >> 53) & 0x1F_FFFF_FFFF_FFFF
    }
}
