import TapCore

/// Bytes that are missing, and where a head is looked for behind them.
extension HTTPStream {
    /// Steps over bytes that are missing from the capture.
    /// - Parameter isExact: whether it is known how many bytes are missing; else the next head is looked for.
    package mutating func skip(_ count: Int, isExact: Bool = true) {
        switch state {
        case .body(let left) where isExact && UInt64(count) <= left:
            state = UInt64(count) == left ? .start : .body(left - UInt64(count))
        case .chunks(var chunks) where isExact && chunks.skip(count):
            state = .chunks(chunks)
        case .encrypted: state = .notHTTP
        case .untilEnd, .notHTTP: break
        case .opening, .proxied, .requested, .start, .seeking, .head, .cutHead, .astray, .body, .chunks:
            state = .seeking
        }
    }

    /// Steps over bytes that are missing from the capture, and looks for the rest of a head where they may be of one;
    /// answers whether they may.
    /// - Parameter isHeadAwaited: whether the next head is worth it, of which nothing has come yet.
    package mutating func skip(_ count: Int, isExact: Bool = true, isHeadAwaited: Bool) -> Bool {
        switch state {
        case .head(let buffer):
            state = .cutHead(HTTPCutHead(buffer, missing: count))
            return true
        case .cutHead(var head):
            state = .start
            head.skip(count)
            state = .cutHead(head)
            return true
        case .opening, .proxied, .requested, .encrypted, .start, .seeking, .astray, .body, .chunks, .untilEnd,
            .notHTTP:
            skip(count, isExact: isExact)
            guard isHeadAwaited, isSeeking else { return false }
            state = .cutHead(HTTPCutHead(missing: count))
            return true
        }
    }

    /// Looks for a head where a segment begins, from now on.
    package mutating func seek() { state = .seeking }

    /// After bytes that are no HTTP where a response must begin: looks for its status line behind them.
    package mutating func seekStatusLine(after bytes: RawSpan, in packet: PacketHeader) {
        state = .astray(HTTPStrayBytes(bytes, in: packet))
    }
}
