import TapCore

/// Where and why frame boundaries were lost.
struct Loss {
    let reason: String
    let packet: PacketHeader
}
