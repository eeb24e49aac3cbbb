/// What looks like QUIC from outside: padded datagrams to open, then random bytes behind short headers. RFC 9000 §17.
struct QUICConversation: NoiseConversation {
    /// A first byte and a connection identifier, and as much as header protection needs. RFC 9001 §5.4.2.
    static let shortestDatagram = 1 + identifierLength + 20

    private static let identifierLength = 8
    /// Datagrams that open a connection are no shorter. RFC 9000 §14.1.
    private static let openingLength = 1200

    private let datagramLengths: ClosedRange<Int>
    private let identifiers: PerSide<[UInt8]>
    private var flow: UDPFlow
    private var openingSides: [Side] = [.client, .server, .server, .client]
    private(set) var isFinished = false

    init(number: Int, datagramLengths: ClosedRange<Int>, random: inout RandomSource) {
        self.datagramLengths = datagramLengths
        identifiers = PerSide(
            client: random.bytes(Self.identifierLength), server: random.bytes(Self.identifierLength))
        flow = UDPFlow(from: .client(number), to: .server(number, port: 443))
    }

    /// Sends one last datagram.
    mutating func finish() {
        isFinished = true
    }

    mutating func step(in wire: inout Wire) {
        if let side = openingSides.popLast() {
            flow.send(opening(from: side, random: &wire.random), from: side, in: &wire)
            return
        }
        let side: Side = wire.random.chance(percent: 70) ? .server : .client
        var datagram: [UInt8] = [0x40 | UInt8(truncatingIfNeeded: wire.random.next()) & 0x3F]
        datagram += identifiers[side.opposite]
        // The client mostly acknowledges.
        let acknowledges = side == .client && wire.random.chance(percent: 80)
        let length = acknowledges ? datagramLengths.lowerBound : wire.random.next(in: datagramLengths)
        wire.corpus.append(.binary, length: length - datagram.count, to: &datagram, random: &wire.random)
        flow.send(datagram, from: side, in: &wire)
    }

    /// An Initial packet of version 1 that fills its datagram. RFC 9000 §17.2.2.
    private func opening(from side: Side, random: inout RandomSource) -> [UInt8] {
        var datagram: [UInt8] = [0xC0 | UInt8(truncatingIfNeeded: random.next()) & 0x0F]
        datagram.append(bigEndian: UInt32(1))
        datagram.append(UInt8(Self.identifierLength))
        datagram += identifiers[side.opposite]
        datagram.append(UInt8(Self.identifierLength))
        datagram += identifiers[side]
        // No token; what is left, as an integer of two bytes.
        datagram.append(0)
        let length = Self.openingLength - datagram.count - 2
        datagram.append(bigEndian: 0x4000 | UInt16(length))
        return datagram + random.bytes(length)
    }
}
