import TapCore

/// One direction of an HTTP/1 connection: finds heads, and steps over the bodies between them.
///
/// After a head the caller says which body follows, by ``expectBody(_:)``.
package struct HTTPStream {
    package enum Event {
        case head(HTTPHead)
        /// A head of which bytes are missing, up to its end.
        indirect case cutHead(HTTPHeadPart)
        /// A head whose end is missing: nothing was consumed of these bytes, and they are none of it, nor those since the
        /// missing ones.
        indirect case lostHead(HTTPHeadPart)
        /// These bytes stood before a response's status line, which begins here; see ``seekStatusLine(after:in:)``.
        indirect case strayed(HTTPStrayBytes)
        /// The body that follows a head is over.
        case bodyFinished
        /// What a proxy says of the connection, before its first head.
        case proxied(ProxyHeader)
        /// The connection is TLS from its first byte on.
        case tls(TLSOpening)
        /// This is not HTTP/1, or not any more.
        case notHTTP
        /// The first line of a head is longer than the limit.
        case headTooLong
    }

    private enum State {
        /// The next byte is the first of the connection.
        case opening
        /// A part of what a proxy puts before it has come.
        indirect case proxied(ProxyHeaderDecoder)
        /// A part of what is said to or by a SOCKS proxy has come.
        indirect case requested(SOCKSDecoder)
        /// What has come may be the beginning of TLS.
        case encrypted(TLSOpening)
        /// The next byte is the first of a head.
        case start
        /// Where a head begins is unknown; one is looked for where a segment begins.
        case seeking
        /// A part of a head has come.
        indirect case head(HTTPHeadBuffer)
        /// Bytes of a head are missing, and what follows them may be its rest.
        indirect case cutHead(HTTPCutHead)
        /// What came where a response must begin is none; it is looked for behind that.
        indirect case astray(HTTPStrayBytes)
        case body(UInt64)
        case chunks(HTTPChunks)
        case untilEnd
        case notHTTP
    }

    private var state: State
    private let headLimit: Int

    /// - Parameter isStartKnown: whether the first byte to come is the first of the connection.
    package init(isStartKnown: Bool, headLimit: Int) {
        state = isStartKnown ? .opening : .seeking
        self.headLimit = headLimit
    }

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

    /// Reads from `offset` on, up to the next event, or `nil` when all bytes are consumed.
    package mutating func read(_ bytes: RawSpan, from offset: inout Int, in packet: PacketHeader) -> Event? {
        while offset < bytes.byteCount {
            switch state {
            case .opening where bytes.uint8(at: offset) == TLSOpening.firstByte:
                state = .encrypted(TLSOpening())
            case .opening where SOCKSDecoder.mayBegin(with: bytes.uint8(at: offset)):
                state = .requested(SOCKSDecoder())
            case .opening:
                let isAbsent = ProxyHeaderDecoder.isAbsent(from: bytes.uint8(at: offset))
                state = isAbsent ? .start : .proxied(ProxyHeaderDecoder())
            case .proxied(var decoder):
                state = .start
                switch decoder.read(bytes, from: &offset) {
                case .going: state = .proxied(decoder)
                case .whole(let header):
                    // A proxy behind a proxy adds a header of its own.
                    state = .opening
                    return .proxied(header)
                case .absent:
                    var taken = 0
                    if let event = read(decoder.bytes.span.bytes, from: &taken, in: packet) { return event }
                }
            case .requested(var decoder):
                state = .start
                switch decoder.read(bytes, from: &offset) {
                case .going: state = .requested(decoder)
                case .whole(let header):
                    state = .opening
                    if let header { return .proxied(header) }
                case .absent:
                    var taken = 0
                    if let event = read(decoder.bytes.span.bytes, from: &taken, in: packet) { return event }
                }
            case .encrypted(var opening):
                let progress = opening.read(bytes, from: &offset)
                guard progress != .going else {
                    state = .encrypted(opening)
                    return nil
                }
                state = .notHTTP
                return progress == .whole ? .tls(opening) : .notHTTP
            case .start:
                let byte = bytes.uint8(at: offset)
                // RFC 9112 §2.2: empty lines before a head are to be ignored.
                if byte == 0x0D || byte == 0x0A {
                    offset += 1
                } else if let head = HTTPHeadParser.parseWhole(bytes, from: &offset, limit: headLimit, in: packet) {
                    return .head(head)
                } else {
                    state = .head(HTTPHeadBuffer())
                }
            case .seeking:
                guard offset == 0, HTTPStream.looksLikeHead(bytes) else {
                    offset = bytes.byteCount
                    return nil
                }
                state = .opening
            case .head(var buffer):
                state = .start  // keeps the buffer's storage unique
                buffer.packet = packet
                let progress = buffer.read(bytes, from: &offset, limit: headLimit)
                if let event = event(for: progress, buffer, in: packet) { return event }
            case .cutHead(var head):
                if offset == 0, HTTPStream.looksLikeHead(bytes) {
                    state = .opening
                    continue
                }
                state = .start
                let start = offset
                switch head.read(bytes, from: &offset, limit: headLimit, in: packet) {
                case .going: state = .cutHead(head)
                case .ended: return .cutHead(head.part)
                case .absent:
                    state = .seeking
                    offset = start
                    head.forgetDoubtful()
                    return .lostHead(head.part)
                }
            case .astray(var stray):
                state = .start
                if let start = stray.read(bytes, from: &offset) {
                    var buffer = HTTPHeadBuffer()
                    var taken = 0
                    _ = buffer.read(start.span.bytes, from: &taken, limit: headLimit)
                    state = .head(buffer)
                    return .strayed(stray)
                }
                state = stray.areTooMany ? .notHTTP : .astray(stray)
            case .body(let left):
                let count = min(left, UInt64(bytes.byteCount - offset))
                offset += Int(count)
                state = left == count ? .start : .body(left - count)
                if left == count { return .bodyFinished }
            case .chunks(var chunks):
                switch chunks.read(bytes, from: &offset) {
                case .going: state = .chunks(chunks)
                case .finished:
                    state = .start
                    return .bodyFinished
                case .malformed: state = .seeking
                }
            case .untilEnd:
                offset = bytes.byteCount
            case .notHTTP:
                return .notHTTP
            }
        }
        return nil
    }

    /// Steps over bytes inside a body, where only their number matters; answers whether that was all there was to do.
    package mutating func stepOver(_ count: Int) -> Bool {
        switch state {
        case .body(let left) where left > UInt64(count):
            state = .body(left - UInt64(count))
            return true
        case .untilEnd: return true
        case .opening, .proxied, .requested, .encrypted, .start, .seeking, .head, .cutHead, .astray, .body, .chunks,
            .notHTTP:
            return false
        }
    }

    package mutating func expectBody(_ framing: HTTPBodyFraming) {
        switch framing {
        case .none: state = .start
        case .length(let length): state = .body(length)
        case .chunked: state = .chunks(HTTPChunks())
        case .untilEnd: state = .untilEnd
        }
    }

    /// Begins anew: the next byte is the first of a connection, inside a tunnel.
    package mutating func restart() { state = .opening }

    /// Whether bytes at the start of a segment may be a head, or what a proxy puts before it.
    package static func looksLikeHead(_ bytes: RawSpan) -> Bool {
        HTTPHeadBuffer.looksLikeHead(bytes) || ProxyHeaderDecoder.isWhole(in: bytes)
    }

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

    private mutating func event(
        for progress: HTTPHeadBuffer.Progress, _ buffer: HTTPHeadBuffer, in packet: PacketHeader
    ) -> Event? {
        switch progress {
        case .going:
            state = .head(buffer)
            return nil
        case .tooLong:
            state = .notHTTP
            return .headTooLong
        case .whole:
            if let head = HTTPHeadParser.parse(buffer, in: packet) { return .head(head) }
            state = .notHTTP
            return .notHTTP
        case .notHTTP:
            state = .notHTTP
            return .notHTTP
        }
    }
}
