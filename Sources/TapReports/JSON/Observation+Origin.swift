import TapAnalysis
import TapCore

extension Observation {
    /// The packet whose file a record names. There are too many frames and messages to say it of each.
    var packetOfOrigin: PacketNumber? {
        switch self {
        case .handshake(let handshake): handshake.packet
        case .finding(let finding): finding.packet
        case .tls(let unread): unread.packet
        case .frame, .message, .connection: nil
        }
    }
}
