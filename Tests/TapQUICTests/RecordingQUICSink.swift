import TapCore
import TapQUIC
import TapSecurity

/// Writes down what a connection gives, and takes its datagrams.
struct QUICRecording {
    let connection: QUICConnection
    private let context: TLSContext
    private let keyLog = KeyLog(limits: KeyLog.Limits())
    private var sink = RecordingQUICSink()
    private var number: UInt64 = 0

    init(keys: String = "", limits: QUICLimits = QUICLimits()) {
        var reader = KeyLogReader(.keyLog)
        reader.receive(Array(keys.utf8).span.bytes, into: keyLog)
        reader.finish(into: keyLog)
        context = TLSContext(keyLog: keyLog, rsaKeys: [], keysMayCome: false, limits: TLSLimits())
        connection = QUICConnection(openedIn: Self.header(1, at: 0), limits: limits)
    }

    mutating func receive(_ datagram: [UInt8], from direction: Direction, at milliseconds: Int64 = 0) {
        number += 1
        connection.receive(
            datagram.span.bytes, on: direction, in: Self.header(number, at: milliseconds), context, into: &sink)
    }

    mutating func finish() -> TLSUnreadReason? {
        connection.finish(in: Self.header(number, at: 0), context, into: &sink)
    }

    var isHopeless: Bool { connection.isHopeless(context) }
    /// What is held in memory.
    var heldBytes: Int { context.heldBytes }
    var streams: [String: [UInt8]] { sink.streams }
    var events: [String] { sink.events }

    private static func header(_ number: UInt64, at milliseconds: Int64) -> PacketHeader {
        PacketHeader(
            number: PacketNumber(number), timestamp: Timestamp(nanoseconds: milliseconds * 1_000_000),
            linkType: .ethernet, originalLength: 0)
    }
}

private struct RecordingQUICSink: QUICSink {
    var streams: [String: [UInt8]] = [:]
    var events: [String] = []

    mutating func received(
        _ bytes: RawSpan, of stream: UInt64, on direction: Direction, in packet: PacketHeader
    ) -> Bool {
        streams["\(stream) \(direction)", default: []] += [UInt8](bytes)
        return true
    }

    mutating func missed(_ count: UInt64, of stream: UInt64, on direction: Direction, before packet: PacketHeader) {
        events.append("missed \(count) of \(stream) \(direction)")
    }

    mutating func ended(_ stream: UInt64, on direction: Direction, in packet: PacketHeader) {
        events.append("ended \(stream) \(direction)")
    }

    mutating func found(_ event: QUICEvent, on direction: Direction, in packet: PacketHeader) {
        switch event {
        case .receiverID: break
        case _: events.append("\(event)")
        }
    }
}
