import Synchronization

/// Which of several interfaces the latest packets were captured on. Threads may share it.
package final class PacketInterfaces: Sendable {
    /// The most interfaces that are told apart.
    package static let limit = 64
    /// Packets that it is known of.
    private static let kept = 1 << 20

    private struct Ring {
        var indices = [UInt8](repeating: 0, count: kept)
        var latest: UInt64 = 0
    }

    private let names: [String]
    private let ring = Mutex(Ring())

    /// - Parameter names: those of the interfaces, ``limit`` at most.
    package init(_ names: [String]) { self.names = names }

    /// Notes a packet, whose number is the next one.
    package func note(_ number: PacketNumber, _ interface: Int) {
        ring.withLock { ring in
            ring.indices[Int(number.rawValue % UInt64(PacketInterfaces.kept))] = UInt8(clamping: interface)
            ring.latest = number.rawValue
        }
    }

    /// `nil` where it is not known any more.
    package subscript(number: PacketNumber) -> String? {
        ring.withLock { ring in
            guard number.rawValue > 0, number.rawValue <= ring.latest,
                ring.latest - number.rawValue < UInt64(PacketInterfaces.kept)
            else { return nil }
            let index = Int(ring.indices[Int(number.rawValue % UInt64(PacketInterfaces.kept))])
            return index < names.count ? names[index] : nil
        }
    }
}
