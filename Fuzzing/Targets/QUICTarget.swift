import TapCore
import TapQUIC
import TapSecurity
import TapTestSupport

/// Packets of QUIC of which the secrets are known: what is given of a stream stands where it was sent, what is held keeps to the limits and is
/// let go in the end.
///
/// The input is a script: packets of each kind with frames of any content, datagrams that are none, and time.
enum QUICTarget {
    static func run(_ bytes: [UInt8]) {
        var input = FuzzInput(bytes)
        let options = input.byte()
        let version = options & 1 == 0 ? QUICBytes.version1 : QUICBytes.version2
        let suite: UInt16 = [0x1301, 0x1302, 0x1303, 0x1301][Int(options >> 1 & 3)]
        guard let talk = QUICScript(version, suite) else { return }
        let log = KeyLog(limits: KeyLog.Limits())
        var reader = KeyLogReader(.keyLog)
        if options & 8 == 0 { reader.receive(talk.keys.span.bytes, into: log) }
        reader.finish(into: log)
        var limits = TLSLimits()
        limits.heldBytes = 4_096
        limits.heldBytesInAll = 8_192
        let context = TLSContext(keyLog: log, rsaKeys: [], keysMayCome: options & 16 != 0, limits: limits)
        var ownLimits = QUICLimits()
        ownLimits.streams = 8
        var time: Int64 = 0
        let connection = QUICConnection(openedIn: header(0, time), limits: ownLimits)
        var sink = FuzzQUICSink()
        var number: UInt64 = 0
        if options & 32 == 0 {
            for (direction, datagram) in talk.handshake {
                connection.receive(datagram.span.bytes, on: direction, in: header(number, time), context, into: &sink)
            }
        }
        while !input.isEmpty, number < 100 {
            number += 1
            let kind = input.byte()
            time += Int64(kind >> 5) * 40_000_000
            let direction: Direction = kind & 16 == 0 ? .fromFirst : .fromSecond
            let datagram = talk.datagram(kind & 15, direction, number, &input, &sink)
            connection.receive(datagram.span.bytes, on: direction, in: header(number, time), context, into: &sink)
            Property.hold(context.heldBytes <= limits.heldBytesInAll, "no more is held than allowed")
        }
        _ = connection.finish(in: header(number, time), context, into: &sink)
        Property.hold(context.heldBytes == 0, "nothing is held in the end")
    }

    private static func header(_ number: UInt64, _ time: Int64) -> PacketHeader {
        PacketHeader(
            number: PacketNumber(number), timestamp: Timestamp(nanoseconds: time), linkType: .ethernet,
            originalLength: 0)
    }
}

/// What two peers say whose secrets are known.
struct QUICScript {
    private let sealers: [QUICSealer]
    let keys: [UInt8]
    let handshake: [(Direction, [UInt8])]
    private static let clientID: [UInt8] = [1, 2, 3, 4, 5, 6, 7, 8]
    private static let serverID: [UInt8] = [9, 9, 9, 9]

    init?(_ version: UInt32, _ suite: UInt16) {
        let random = [UInt8](1...32)
        let labels = [
            "CLIENT_HANDSHAKE_TRAFFIC_SECRET", "SERVER_HANDSHAKE_TRAFFIC_SECRET", "CLIENT_TRAFFIC_SECRET_0",
            "SERVER_TRAFFIC_SECRET_0",
        ]
        var log = ""
        var sealers: [QUICSealer] = []
        for (place, label) in labels.enumerated() {
            let secret = [UInt8](repeating: UInt8(place + 1), count: suite == 0x1302 ? 48 : 32)
            log += "\(label) \(Hex.string(random)) \(Hex.string(secret))\n"
            guard let sealer = QUICSealer(version, suite: suite, secret: secret) else { return nil }
            sealers.append(sealer)
        }
        for sender in ["client", "server"] {
            guard let sealer = QUICSealer.initial(version, of: sender, clientID: Self.clientID) else { return nil }
            sealers.append(sealer)
        }
        self.sealers = sealers
        keys = Array(log.utf8)
        let hello = QUICBytes.clientHello(random: random, serverName: "a")
        handshake = [
            (.fromFirst, sealers[4].long(.initial, to: Self.clientID, from: [1], 0, QUICBytes.crypto(hello))),
            (
                .fromSecond,
                sealers[5].long(
                    .initial, to: [1], from: Self.serverID, 0, QUICBytes.crypto(QUICBytes.serverHello(suite: suite)))
            ),
        ]
    }

    /// One datagram; the sink remembers what it sends of streams.
    func datagram(
        _ kind: UInt8, _ direction: Direction, _ number: UInt64, _ input: inout FuzzInput, _ sink: inout FuzzQUICSink
    ) -> [UInt8] {
        let isClient = direction == .fromFirst
        let receiver = isClient ? Self.serverID : [1]
        let application = sealers[isClient ? 2 : 3]
        switch kind {
        case 0...5:
            let stream = UInt64(input.byte() & 15)
            let offset = Int(input.byte())
            let bytes = input.take(Int(input.byte() & 63))
            sink.note(bytes, at: offset, of: stream, direction)
            return application.short(
                to: receiver, number, QUICBytes.stream(stream, bytes, at: offset, isLast: kind == 5))
        case 6:
            let high = UInt64(input.byte())
            return application.short(to: receiver, number, QUICBytes.acknowledgment(high / 2...high))
        case 7:
            sink.isAnythingSent = true
            return application.short(to: receiver, number, [4] + input.take(4))
        case 8:
            sink.isAnythingSent = true
            return application.short(to: receiver, UInt64(input.byte()), [0x18] + input.take(32))
        case 9: return sealers[isClient ? 0 : 1].long(.handshake, to: receiver, from: [], number, input.take(40))
        case 10: return sealers[isClient ? 4 : 5].long(.initial, to: receiver, from: [2], number, input.take(60))
        case 11:
            let offset = Int(input.byte())
            return sealers[isClient ? 0 : 1].long(
                .handshake, to: receiver, from: [], number, QUICBytes.crypto(input.take(40), at: offset))
        case 12: return application.short(to: receiver, number, input.take(30), keyPhase: true)
        case _: return input.take(Int(input.byte()))
        }
    }
}

/// Checks that each byte of a stream is one that was sent at its place.
struct FuzzQUICSink: QUICSink {
    private struct Place: Hashable {
        let stream: UInt64
        let direction: UInt8
    }

    private var sent: [Place: [Int: Set<UInt8>]] = [:]
    private var next: [Place: Int] = [:]
    /// Whether frames were sent of which it is not known what they say.
    var isAnythingSent = false

    mutating func note(_ bytes: [UInt8], at offset: Int, of stream: UInt64, _ direction: Direction) {
        let place = Place(stream: stream, direction: direction.rawValue)
        for (index, byte) in bytes.enumerated() { sent[place, default: [:]][offset + index, default: []].insert(byte) }
    }

    mutating func received(
        _ bytes: RawSpan, of stream: UInt64, on direction: Direction, in packet: PacketHeader
    ) -> Bool {
        let place = Place(stream: stream, direction: direction.rawValue)
        var offset = next[place, default: 0]
        for index in 0..<bytes.byteCount {
            let isSent = sent[place]?[offset]?.contains(bytes.uint8(at: index)) ?? false
            Property.hold(isSent || isAnythingSent, "a byte stands where it was sent")
            offset += 1
        }
        next[place] = offset
        return true
    }

    mutating func missed(_ count: UInt64, of stream: UInt64, on direction: Direction, before packet: PacketHeader) {
        next[Place(stream: stream, direction: direction.rawValue), default: 0] += Int(clamping: count)
    }

    mutating func ended(_ stream: UInt64, on direction: Direction, in packet: PacketHeader) {}
    mutating func found(_ event: QUICEvent, on direction: Direction, in packet: PacketHeader) {}
}
