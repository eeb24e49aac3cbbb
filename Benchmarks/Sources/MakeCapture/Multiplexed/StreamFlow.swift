/// A connection of HTTP/1.1 that is told as streams of HTTP/2: one for each request.
struct StreamFlow {
    private struct End {
        /// The number of the next byte in the clear.
        var next: UInt32
        /// Segments that overtook others, by their numbers.
        var early: [UInt32: ArraySlice<UInt8>] = [:]
        /// Bytes of a body that are still to come, and how many of them the frame that was begun holds.
        var body = 0
        var frame = 0
    }

    /// The place of the connection that carries it.
    let carrier: Int
    private var ends: PerSide<End>
    private var stream: UInt32 = 0
    private var isWebSocket = false
    /// Whether the server has answered that.
    private var isAgreed = false
    /// Whether no other stream shares the connection, so that a frame may take several segments, as it does in bodies.
    private let isAlone: Bool

    init(carrier: Int, client: UInt32, isAlone: Bool) {
        self.carrier = carrier
        self.isAlone = isAlone
        ends = PerSide(client: End(next: client), server: End(next: 0))
    }

    /// Whether a frame was begun of which more is to come.
    func isWithinFrame(_ side: Side) -> Bool { ends[side].frame > 0 }

    mutating func begin(_ side: Side, at number: UInt32) { ends[side].next = number }

    /// The frames that say what a segment says, and those that overtook it.
    mutating func frames(
        for segment: TCPSegment, payload: ArraySlice<UInt8>, from side: Side, on carrier: inout StreamCarrier
    ) -> [UInt8] {
        if segment.flags.contains(.finish) {
            return isWebSocket ? StreamFrame.data([], on: stream, ends: true) : []
        }
        guard !payload.isEmpty else { return [] }
        if Int32(bitPattern: segment.sequence &- ends[side].next) > 0 {
            ends[side].early[segment.sequence] = payload
            return []
        }
        guard segment.sequence == ends[side].next else { return [] }
        var frames: [UInt8] = []
        var payload: ArraySlice<UInt8>? = payload
        while let bytes = payload {
            ends[side].next &+= UInt32(bytes.count)
            frames += self.frames(of: bytes, from: side, on: &carrier)
            payload = ends[side].early.removeValue(forKey: ends[side].next)
        }
        return frames
    }

    private mutating func frames(
        of bytes: ArraySlice<UInt8>, from side: Side, on carrier: inout StreamCarrier
    ) -> [UInt8] {
        guard !isAgreed, ends[side].body == 0, let head = StreamHead(bytes) else {
            if ends[side].body > 0, isAlone { return body(bytes, from: side) }
            ends[side].body -= min(bytes.count, ends[side].body)
            return StreamFrame.data(bytes, on: stream, ends: !isWebSocket && ends[side].body == 0)
        }
        if side == .client {
            stream = carrier.nextStream()
            isWebSocket = head.isWebSocket
        } else {
            isAgreed = isWebSocket
        }
        let hasBody = head.bodyLength > 0
        let rest = bytes.dropFirst(head.length)
        let frames = StreamFrame.headers(head.fields, on: stream, ends: !hasBody && !isWebSocket)
        ends[side].body = head.bodyLength
        if hasBody, isAlone { return frames + body(rest, from: side) }
        ends[side].body = max(0, head.bodyLength - rest.count)
        return rest.isEmpty
            ? frames : frames + StreamFrame.data(rest, on: stream, ends: ends[side].body == 0 && hasBody)
    }

    /// Bytes of a body, in frames as long as may be.
    private mutating func body(_ bytes: ArraySlice<UInt8>, from side: Side) -> [UInt8] {
        var frames: [UInt8] = []
        var rest = bytes
        while !rest.isEmpty, ends[side].body > 0 {
            if ends[side].frame == 0 {
                ends[side].frame = min(StreamFrame.longestPayload, ends[side].body)
                let isLast = ends[side].frame == ends[side].body
                frames += StreamFrame.header(0, isLast ? 1 : 0, on: stream, ends[side].frame)
            }
            let piece = rest.prefix(ends[side].frame)
            ends[side].frame -= piece.count
            ends[side].body -= piece.count
            frames += piece
            rest = rest.dropFirst(piece.count)
        }
        return frames
    }
}
