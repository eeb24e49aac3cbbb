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

    enum State {
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
        /// What came where a response must begin is none; one is sought behind it.
        indirect case astray(HTTPStrayBytes)
        case body(UInt64)
        case chunks(HTTPChunks)
        case untilEnd
        case notHTTP
    }

    var state: State
    private let headLimit: Int

    /// - Parameter isStartKnown: whether the first byte to come is the first of the connection.
    package init(isStartKnown: Bool, headLimit: Int) {
        state = isStartKnown ? .opening : .seeking
        self.headLimit = headLimit
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
