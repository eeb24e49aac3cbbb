/// Small messages both ways, one to three a segment, half of which are acknowledged by a segment without data.
///
/// One segment in a thousand is overtaken by up to three later ones, and one in a thousand is sent again after up to two.
struct TalkTraffic: WebSocketTraffic {
    private struct Departure {
        let segment: TCPSegment
        let payload: [UInt8]
    }

    private let payloadLengths: ClosedRange<Int>
    /// Segments that are about to be sent, the last first. The other side says nothing until they are.
    private var departures: [Departure] = []
    private var isFinishing = false

    var isFinished: Bool { isFinishing && departures.isEmpty }

    init(payloadLengths: ClosedRange<Int>) {
        self.payloadLengths = payloadLengths
    }

    mutating func finish() {
        isFinishing = true
    }

    mutating func exchange(over connection: inout TCPConnection, encoder: FrameEncoder, in wire: inout Wire) {
        if departures.isEmpty {
            if isFinishing { return }
            departures = nextDepartures(over: &connection, encoder: encoder, in: &wire).reversed()
        }
        guard let departure = departures.popLast() else { return }
        wire.transmit(departure.segment, payload: departure.payload[...])
        if departures.isEmpty, wire.random.chance(percent: 50) {
            // Only the side that has not just spoken has something to acknowledge.
            for side in [Side.client, .server] { connection.acknowledge(by: side, in: &wire) }
        }
    }

    private func nextDepartures(
        over connection: inout TCPConnection, encoder: FrameEncoder, in wire: inout Wire
    ) -> [Departure] {
        let side = wire.random.side()
        let first = departure(from: side, over: &connection, encoder: encoder, in: &wire)
        let fate = wire.random.next(below: 1000)
        let laterCount =
            switch fate {
            case 0: wire.random.next(in: 1...3)
            case 1: wire.random.next(in: 0...2)
            default: 0
            }
        let later = (0..<laterCount).map { _ in
            departure(from: side, over: &connection, encoder: encoder, in: &wire)
        }
        return switch fate {
        case 0: later + [first]
        case 1: [first] + later + [first]
        default: [first]
        }
    }

    private func departure(
        from side: Side, over connection: inout TCPConnection, encoder: FrameEncoder, in wire: inout Wire
    ) -> Departure {
        var payload: [UInt8] = []
        payload.reserveCapacity(TCPSegment.longestPayload)
        for _ in 0..<wire.random.next(in: 1...3) {
            encoder.appendMessage(of: payloadLengths, from: side, to: &payload, in: &wire)
        }
        let segment = connection.segment(carrying: payload.count, from: side, at: wire.milliseconds)
        return Departure(segment: segment, payload: payload)
    }
}
