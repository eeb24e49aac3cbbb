import TapCore

/// Where an observation stands among all others of a capture, whoever makes it.
///
/// Those that one packet brings have the same place: they are about one TCP connection, and so made by one analyzer.
package struct ObservationOrder: Comparable, Sendable, Codable {
    /// The packet's number; at the end of the capture, one that is higher than any.
    private let packet: UInt64
    /// The packet that opened the connection, where it is closed beside the packet; higher than any for the packet's own.
    private let opening: UInt64

    private init(packet: UInt64, opening: UInt64) {
        self.packet = packet
        self.opening = opening
    }

    /// Before all others.
    static let start = ObservationOrder(packet: 0, opening: 0)
    /// After all others.
    package static let end = ObservationOrder(packet: .max, opening: .max)
    /// What is observed at the end of the capture.
    static let captureEnd = ObservationOrder(packet: .max, opening: 0)

    /// What a packet's own bytes bring.
    @inline(__always)
    init(of packet: PacketNumber) { self.init(packet: packet.rawValue, opening: .max) }

    /// What is observed beside the same packet of a connection that is closed.
    func closing(openedIn packet: PacketNumber) -> ObservationOrder {
        ObservationOrder(packet: self.packet, opening: packet.rawValue)
    }

    package static func < (left: ObservationOrder, right: ObservationOrder) -> Bool {
        (left.packet, left.opening) < (right.packet, right.opening)
    }
}
