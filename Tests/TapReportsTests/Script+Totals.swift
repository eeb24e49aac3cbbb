import TapAnalysis
import TapCore
import TapWebSocket

extension Script {
    /// What the analysis adds up of connections that were reset after these times without traffic.
    static func cuts(idleSeconds: [Int64]) -> CutStatistics {
        var cuts = CutStatistics()
        for (index, seconds) in idleSeconds.enumerated() {
            var close = ConnectionClose()
            close.sign = .rst
            close.idleTime = seconds * 1_000_000_000
            // The ages are all different, and so are the ends.
            let age = (seconds + Int64(index) * 100) * 1_000_000_000
            cuts.note(
                close, of: ConnectionID(rawValue: UInt64(bitPattern: age)), age: age, at: Timestamp(nanoseconds: age))
        }
        return cuts
    }

    // Totals and messages are made by the analysis alone.
    mutating func message(
        _ sender: Sender, _ text: String, on connection: Int = 1, compression: Message.Compression = .none,
        isWhole: Bool = true
    ) {
        advance()
        add(
            .message(
                Message(
                    connection: connection, connectionID: Script.id(connection), number: 1, sender: sender, kind: .text,
                    firstTime: Script.start,
                    time: summary.lastTime ?? Script.start,
                    firstPacket: PacketNumber(1), packet: PacketNumber(summary.packets), firstFrame: 1, frames: 2,
                    compression: compression, wireLength: 38, length: UInt64(text.utf8.count), isWhole: isWhole,
                    payload: store(Array(text.utf8)))))
    }

    /// A message of one frame.
    mutating func message(_ sender: Sender, _ kind: Opcode, _ payload: [UInt8], on connection: Int = 1) {
        advance()
        let length = UInt64(payload.count)
        let time = summary.lastTime ?? Script.start
        let packet = PacketNumber(summary.packets)
        add(
            .message(
                Message(
                    connection: connection, connectionID: Script.id(connection), number: 1, sender: sender, kind: kind,
                    firstTime: time, time: time,
                    firstPacket: packet, packet: packet, firstFrame: 1, frames: 1, compression: .none,
                    wireLength: length, length: length, isWhole: true, payload: store(payload))))
    }

    /// Pings of which those with a time were answered.
    static func pings(milliseconds: [Int64?]) -> PingStatistics {
        var pings = PingStatistics()
        for time in milliseconds {
            pings.sent += 1
            guard let time else { continue }
            pings.answered += 1
            pings.roundTrips.add(time * 1_000_000)
        }
        return pings
    }
}
