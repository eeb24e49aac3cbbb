import TapCore

/// Finds the frames in one direction of a WebSocket connection, wherever its bytes are cut. RFC 6455 §5.2.
@usableFromInline
package struct FrameDecoder {
    @usableFromInline
    package enum Event: Equatable {
        case began(FrameHeader)
        /// Payload of the frame that began last, as a range of the bytes that were given.
        case payload(Range<Int>)
        case finished
        /// The length has its top bit set: where the next frame begins cannot be told.
        case lost(FrameHeader)
    }

    /// What bytes that are missing from the capture do to the frames.
    package enum Skip: Equatable {
        /// They lie inside the current frame's payload.
        case inPayload
        /// Where the next frame begins cannot be told any more.
        case lost
    }

    @usableFromInline
    enum State: Equatable {
        case header
        case payload(left: UInt64)
        case lost
    }

    @usableFromInline var state = State.header
    /// The bytes of a header whose rest has not come yet.
    @usableFromInline var partial = InlineArray<14, UInt8>(repeating: 0)
    @usableFromInline var partialCount: UInt8 = 0

    package init() {}

    @inlinable package var isLost: Bool { if case .lost = state { true } else { false } }
    /// Whether the next byte begins a frame.
    @inlinable package var isAtBoundary: Bool { if case .header = state { partialCount == 0 } else { false } }

    /// How many bytes of the current frame's payload are still to come.
    package var payloadLeft: UInt64 { if case .payload(let left) = state { left } else { 0 } }

    /// Reads from `offset` on, up to the next event, or `nil` when all bytes are consumed.
    @inlinable
    package mutating func read(_ bytes: RawSpan, from offset: inout Int) -> Event? {
        switch state {
        case .header:
            guard let header = readHeader(bytes, from: &offset) else { return nil }
            guard header.isLengthPossible else {
                state = .lost
                return .lost(header)
            }
            state = .payload(left: header.payloadLength)
            return .began(header)
        case .payload(left: 0):
            state = .header
            return .finished
        case .payload(let left):
            let available = bytes.byteCount - offset
            guard available > 0 else { return nil }
            let count = left > UInt64(available) ? available : Int(left)
            state = .payload(left: left - UInt64(count))
            offset += count
            return .payload(offset - count..<offset)
        case .lost:
            offset = bytes.byteCount
            return nil
        }
    }

    /// What comes is no frame: it is not decoded any more.
    package mutating func lose() { state = .lost }

    /// Steps over bytes that are missing from the capture.
    package mutating func skip(_ count: Int) -> Skip {
        guard case .payload(let left) = state, left >= UInt64(count) else {
            state = .lost
            return .lost
        }
        state = .payload(left: left - UInt64(count))
        return .inPayload
    }

    @inlinable
    mutating func readHeader(_ bytes: RawSpan, from offset: inout Int) -> FrameHeader? {
        if partialCount == 0 {
            var reader = ByteReader(bytes, at: offset)
            if let header = FrameHeader(from: &reader) {
                offset = reader.offset
                return header
            }
        }
        return readSplitHeader(bytes, from: &offset)
    }

    @usableFromInline
    mutating func readSplitHeader(_ bytes: RawSpan, from offset: inout Int) -> FrameHeader? {
        while offset < bytes.byteCount {
            partial[Int(partialCount)] = bytes.uint8(at: offset)
            partialCount += 1
            offset += 1
            var reader = ByteReader(partial.span.bytes.upTo(Int(partialCount)))
            if let header = FrameHeader(from: &reader) {
                partialCount = 0
                return header
            }
        }
        return nil
    }
}
