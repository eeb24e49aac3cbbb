import TapBytes
import TapHTTP
import TapStreams

/// A connection that leaves HTTP for WebSocket, with the bytes that came too early to be understood.
struct Upgrade {
    let connection: Int
    let request: HTTPHead?
    let response: HTTPHead?
    let client: Direction
    let held: HeldBytes
    /// What a proxy said of the connection.
    let proxy: ProxyHeader?
    /// What stands in for the handshake where it was not captured.
    var evidence: PickUpEvidence?
    var starts: PickUpStarts?

    /// Where the connection was opened, if that is not where it became certain: with what was captured of its handshake,
    /// else with its first frames.
    var openedIn: PacketHeader? {
        if request != nil, response != nil { return nil }
        guard let head = response ?? request else { return held.pieces.first?.packet }
        return PacketHeader(number: head.packet, timestamp: head.time, linkType: .raw, originalLength: 0)
    }

    /// Where the client's first data came, if it sent some without having seen the response.
    var earlyData: PacketHeader? {
        guard request != nil, response != nil else { return nil }
        let early = held.pieces.first { piece in
            guard piece.direction == client, !piece.isPeerBehind, case .bytes = piece.content else { return false }
            return true
        }
        return early?.packet
    }
}
