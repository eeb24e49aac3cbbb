import TapCore

/// What may be the same in several handshakes, to be compared once it is known which came before.
struct KeyUse: Sendable, Codable {
    let start: ConnectionStart
    let connection: Int
    /// Where the request ended, and when.
    let packet: PacketNumber
    let time: Timestamp
    /// Whether a finding about it is told, rather than only counted.
    let isTold: Bool
    /// The place of the handshake among the observations; `nil` where handshakes are not observed.
    let place: Int?
    /// The place behind the handshake and what was found in it.
    let end: Int
}
