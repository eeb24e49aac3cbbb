import TapCore

/// What is known of a stream between two pieces of it.
extension HTTPStream {
    /// Bytes held of a head that is not complete yet.
    package var heldBytes: Int {
        switch state {
        case .proxied(let decoder): decoder.bytes.count
        case .requested(let decoder): decoder.bytes.count
        case .head(let buffer): buffer.bytes.count
        case .cutHead(let head): head.count
        case .opening, .encrypted, .start, .seeking, .astray, .body, .chunks, .untilEnd, .notHTTP: 0
        }
    }

    /// What there is of a head that is not complete, but longer than the limit already.
    package func longHead(in packet: PacketHeader) -> HTTPHead? {
        guard case .head(let buffer) = state, buffer.droppedBytes > 0 else { return nil }
        return HTTPHeadParser.parse(buffer, in: packet)
    }

    package var isSeeking: Bool { if case .seeking = state { true } else { false } }

    /// Whether bytes of a head are missing, and its end was not seen.
    package var isInCutHead: Bool { if case .cutHead = state { true } else { false } }

    /// Whether everything was read so far, up to the end of a head and its body.
    package var isBetweenHeads: Bool {
        switch state {
        case .opening, .start: true
        case .proxied, .requested, .encrypted, .seeking, .head, .cutHead, .astray, .body, .chunks, .untilEnd, .notHTTP:
            false
        }
    }

    /// Whether nothing has come.
    package var isUntouched: Bool { if case .opening = state { true } else { false } }

    /// What has come of what may be the beginning of TLS.
    package var opening: TLSOpening? { if case .encrypted(let opening) = state { opening } else { nil } }

    package var isNotHTTP: Bool { if case .notHTTP = state { true } else { false } }

    /// What there is of a head that is not complete.
    package var part: HTTPHeadPart? {
        switch state {
        case .head(let buffer): HTTPCutHead(buffer, missing: 0).part
        case .cutHead(let head): head.part
        case .opening, .proxied, .requested, .encrypted, .start, .seeking, .astray, .body, .chunks, .untilEnd,
            .notHTTP:
            nil
        }
    }
}
