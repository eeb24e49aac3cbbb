import TapCore
import TapWebSocket

/// What `tshark -U "OSI layer 7"` writes of streams in TLS: each record as a piece, with the endpoints beside it. What a dissector
/// could not finish comes again once the rest is there, from where the unfinished unit begins.
package struct ExportedPieces {
    package private(set) var packets: [CapturedPacket] = []
    package let client: Endpoint
    package let server: Endpoint
    private var unfinished: [Sender: [UInt8]] = [:]

    package init(
        client: Endpoint = Endpoint("192.0.2.1", 49_152), server: Endpoint = Endpoint("198.51.100.2", 443)
    ) {
        self.client = client
        self.server = server
    }

    /// - Parameter isFinished: whether a unit ends where the record does.
    package mutating func add(_ record: [UInt8], from sender: Sender, isFinished: Bool = true) {
        let isFirst = unfinished[sender] == nil
        let bytes = unfinished[sender, default: []] + record
        unfinished[sender] = isFinished ? nil : bytes
        if isFinished || isFirst { write(bytes, from: sender) }
    }

    /// Adds records of which the last ends a unit.
    package mutating func add(_ unit: [UInt8], from sender: Sender, recordSize: Int) {
        for start in stride(from: 0, to: unit.count, by: recordSize) {
            let end = min(start + recordSize, unit.count)
            add(Array(unit[start..<end]), from: sender, isFinished: end == unit.count)
        }
    }

    /// Adds a piece as it is.
    package mutating func write(_ bytes: [UInt8], from sender: Sender, dissector: String = "http-over-tls") {
        let (source, destination) = sender == .client ? (client, server) : (server, client)
        let isIPv6 = source.address.isIPv6
        let tags =
            Self.tag(12, Array(dissector.utf8)) + Self.tag(isIPv6 ? 22 : 20, source.address.bytes)
            + Self.tag(isIPv6 ? 23 : 21, destination.address.bytes) + Self.tag(24, bigEndian(UInt32(2)))
            + Self.tag(25, bigEndian(UInt32(source.port))) + Self.tag(26, bigEndian(UInt32(destination.port)))
        packets.append(
            CapturedPacket(
                tags + [0, 0, 0, 0] + bytes, .upperPDU, number: UInt64(packets.count + 1),
                nanoseconds: 1_700_000_000_000_000_000 + Int64(packets.count) * 1_000_000))
    }

    package static func tag(_ type: UInt16, _ value: [UInt8]) -> [UInt8] {
        bigEndian(type) + bigEndian(UInt16(value.count)) + value
    }
}
