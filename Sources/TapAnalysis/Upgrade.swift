import TapCore
import TapHTTP
import TapWebSocket

/// A connection that leaves HTTP for WebSocket, with the bytes that came too early to be understood.
struct Upgrade {
    let connection: ConnectionName
    let request: SwitchHead
    let response: SwitchHead
    let client: Direction
    let held: HeldBytes
    /// What was said of the connection by a proxy, or to one.
    let proxy: ProxyHeader?
    /// Bytes that the server sent before its response.
    var strayBytes = 0
    /// What stands in for the handshake where it was not captured.
    var evidence: PickUpEvidence?
    var starts: PickUpStarts?

    /// Where it is a stream of HTTP/2: which one, and what its heads break of that.
    var stream: TunnelStream?
    var violations: [Violation] = []
    /// Peers that may have sent more before a buffered end than the capture has.
    var unseen: Sides = []

    /// Whether neither head left anything in the capture.
    var isMidstream: Bool { evidence != nil && request.isAbsent && response.isAbsent }

    /// Where the connection was opened: with the response, or as near to it as the capture has it.
    func opening(or packet: PacketHeader) -> PacketHeader {
        guard let head = response.head ?? request.head else { return held.firstPacket ?? packet }
        return PacketHeader(number: head.packet, timestamp: head.time, linkType: .raw, originalLength: 0)
    }

    /// Where the client's first data came, if it sent some without having seen the response.
    var earlyData: PacketHeader? {
        guard request.isWhole, response.isWhole, !held.hasHeadHole(client.opposite) else { return nil }
        let early = held.pieces.first { piece in
            guard piece.direction == client, !piece.isPeerBehind, case .bytes = piece.content else { return false }
            return true
        }
        return early?.packet
    }
}
