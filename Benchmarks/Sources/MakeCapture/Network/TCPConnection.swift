/// Both ends of a TCP connection over a network that loses nothing: each acknowledges all the other has sent.
struct TCPConnection {
    private enum State {
        case closed
        case synchronizeSent
        case synchronizeReceived
        case established
        case finishSent(by: Side)
        case finishAnswered(first: Side)
        case finished
    }

    private struct End {
        var sequence: UInt32
        var identification: UInt16
        var timestampOffset: UInt32
        var lastTimestamp: UInt32 = 0
        var unacknowledgedSegments = 0

        /// One connection in ten starts so close to the end of the sequence space that it soon wraps.
        init(random: inout RandomSource) {
            let number = random.next()
            let wraps = random.chance(percent: 10)
            sequence = wraps ? UInt32.max - UInt32(number & 0xFFF) : UInt32(truncatingIfNeeded: number)
            identification = UInt16(truncatingIfNeeded: number >> 32)
            timestampOffset = UInt32(truncatingIfNeeded: random.next())
        }
    }

    private let client: Endpoint
    private let server: Endpoint
    private var ends: PerSide<End>
    private var state = State.closed

    var isEstablished: Bool {
        if case .established = state { true } else { false }
    }

    var isFinished: Bool {
        if case .finished = state { true } else { false }
    }

    init(from client: Endpoint, to server: Endpoint, random: inout RandomSource) {
        self.client = client
        self.server = server
        ends = PerSide(client: End(random: &random), server: End(random: &random))
    }

    /// Sends the next segment of the opening handshake. RFC 9293 §3.5.
    mutating func open(in wire: inout Wire) {
        switch state {
        case .closed:
            send([.synchronize], from: .client, in: &wire)
            state = .synchronizeSent
        case .synchronizeSent:
            send([.synchronize, .acknowledge], from: .server, in: &wire)
            state = .synchronizeReceived
        case .synchronizeReceived:
            acknowledge(by: .client, in: &wire)
            state = .established
        case .established, .finishSent, .finishAnswered, .finished:
            break
        }
    }

    /// Sends the next segment of the closing handshake, which `side` begins. RFC 9293 §3.6.
    mutating func close(by side: Side, in wire: inout Wire) {
        switch state {
        case .closed, .synchronizeSent, .synchronizeReceived, .finished:
            break
        case .established:
            send([.finish, .acknowledge], from: side, in: &wire)
            state = .finishSent(by: side)
        case .finishSent(let first):
            send([.finish, .acknowledge], from: first.opposite, in: &wire)
            state = .finishAnswered(first: first)
        case .finishAnswered(let first):
            acknowledge(by: first, in: &wire)
            state = .finished
        }
    }

    /// Sends data in one segment.
    mutating func send(_ payload: ArraySlice<UInt8>, from side: Side, in wire: inout Wire) {
        wire.transmit(segment(carrying: payload.count, from: side, at: wire.milliseconds), payload: payload)
    }

    /// Sends a segment without data that acknowledges what the other side has sent, if there is any.
    mutating func acknowledge(by side: Side, afterSegments threshold: Int = 1, in wire: inout Wire) {
        guard ends[side.opposite].unacknowledgedSegments >= threshold else { return }
        wire.transmit(segment([.acknowledge], from: side, at: wire.milliseconds), payload: [])
    }

    /// The next data segment of a side, to be sent by the caller.
    mutating func segment(carrying length: Int, from side: Side, at milliseconds: UInt32) -> TCPSegment {
        let segment = segment([.push, .acknowledge], from: side, at: milliseconds)
        ends[side].sequence &+= UInt32(length)
        ends[side].unacknowledgedSegments += 1
        return segment
    }

    private mutating func send(_ flags: TCPFlags, from side: Side, in wire: inout Wire) {
        wire.transmit(segment(flags, from: side, at: wire.milliseconds), payload: [])
        // SYN and FIN take one number each. RFC 9293 §3.4.
        ends[side].sequence &+= 1
        ends[side].unacknowledgedSegments += 1
    }

    private mutating func segment(_ flags: TCPFlags, from side: Side, at milliseconds: UInt32) -> TCPSegment {
        ends[side].lastTimestamp = milliseconds &+ ends[side].timestampOffset
        ends[side].identification &+= 1
        let other = side.opposite
        if flags.contains(.acknowledge) { ends[other].unacknowledgedSegments = 0 }
        return TCPSegment(
            header: IPv4Header(
                source: side == .client ? client : server,
                destination: side == .client ? server : client,
                transport: .tcp,
                identification: ends[side].identification
            ),
            flags: flags,
            sequence: ends[side].sequence,
            acknowledgment: flags.contains(.acknowledge) ? ends[other].sequence : 0,
            timestamp: ends[side].lastTimestamp,
            timestampEcho: ends[other].lastTimestamp
        )
    }
}
