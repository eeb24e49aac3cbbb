import TapCore

/// Collects the bytes of a head until its empty line, and notices early that they are none.
///
/// Of a head that is longer than the limit, lines that do not fit are stepped over, so that what comes after the head
/// is understood all the same. The fields that an upgrade is made of have some room of their own.
struct HTTPHeadBuffer {
    enum Progress { case going, whole, notHTTP, tooLong }

    private(set) var bytes: [UInt8] = []
    /// How many bytes belong to lines that did not fit.
    private(set) var droppedBytes: UInt64 = 0
    /// Where the current line begins among the bytes.
    private var lineStart = 0
    /// Whether the current line holds nothing so far, but for the CR at its end.
    private var isLineEmpty = true
    /// The packet that brought the last of its bytes.
    var packet: PacketHeader?
    /// The first line, once it is there.
    private(set) var startLine: HTTPStartLine?
    private var isFirstWord = true
    /// Whether the current line, or while it is empty the one before it, does not fit.
    private var isDropping = false

    /// Longer than any registered method; the longest is `UPDATEREDIRECTREF`.
    private static let longestFirstWord = 24
    /// Room beyond the limit for the fields that an upgrade is made of.
    static let reserve = 4_096

    /// Consumes bytes from `offset` up to the end of the head or of the bytes.
    mutating func read(_ span: RawSpan, from offset: inout Int, limit: Int) -> Progress {
        while offset < span.byteCount {
            if isDropping, !isLineEmpty || HTTPText.isBlank(span.uint8(at: offset)) {
                drop(span, from: &offset)
                continue
            }
            isDropping = false
            let room = room(limit)
            if room == 0 {
                if isFirstLine { return .tooLong }
                // An empty line ends the head though there is no room for it.
                if isLineEmpty, HTTPHeadBuffer.isLineEnd(span.uint8(at: offset)) {
                    offset += 1
                    if span.uint8(at: offset - 1) == 0x0A { return .whole }
                    continue
                }
                dropLine()
                continue
            }
            // Byte by byte as long as it may be no head at all, then line by line.
            let run = isFirstWord ? 1 : HTTPHeadBuffer.lineLength(span.from(offset).upTo(room))
            take(span.from(offset).upTo(run))
            offset += run
            if isFirstWord, !acceptsFirstWord(bytes[bytes.count - 1]) { return .notHTTP }
            if bytes.last == 0x0A {
                if isFirstLine {
                    startLine = HTTPHeadBuffer.startLine(bytes.span.bytes.upTo(bytes.count - 1))
                    if startLine == nil { return .notHTTP }
                }
                if isLineEmpty { return .whole }
                beginLine()
            }
        }
        return .going
    }

    private var isFirstLine: Bool { startLine == nil }

    /// The lines that have come to their ends.
    var wholeLines: ArraySlice<UInt8> { bytes[..<lineStart] }

    /// Whether bytes may be the first of a head.
    static func beginsWithWord(_ span: RawSpan) -> Bool {
        for place in 0..<min(span.byteCount, longestFirstWord + 1) {
            guard let isOver = isEndOfFirstWord(span.uint8(at: place), after: place) else { return false }
            if isOver { return true }
        }
        return false
    }

    private mutating func beginLine() {
        lineStart = bytes.count
        isLineEmpty = true
    }

    /// How many bytes of the current line may be taken now, without knowing those that follow.
    private func room(_ limit: Int) -> Int {
        if bytes.count < limit { return limit - bytes.count }
        guard !isFirstLine, bytes.count < limit + HTTPHeadBuffer.reserve else { return 0 }
        switch HTTPField.isOfUpgrade(lineBeginningWith: bytes[lineStart...]) {
        case true?: return limit + HTTPHeadBuffer.reserve - bytes.count
        case false?: return 0
        case nil: return 1
        }
    }

    /// Gives up the current line, of which the rest is to come.
    private mutating func dropLine() {
        droppedBytes += UInt64(bytes.count - lineStart)
        bytes.removeLast(bytes.count - lineStart)
        isDropping = true
        isLineEmpty = false
    }

    /// Steps over the rest of a line that does not fit, or over one that continues it.
    private mutating func drop(_ span: RawSpan, from offset: inout Int) {
        let run = HTTPHeadBuffer.lineLength(span.from(offset))
        offset += run
        droppedBytes += UInt64(run)
        isLineEmpty = span.uint8(at: offset - 1) == 0x0A
    }

    /// How many bytes there are up to the end of the line, or in all.
    private static func lineLength(_ span: RawSpan) -> Int {
        span.firstIndex(of: 0x0A).map { $0 + 1 } ?? span.byteCount
    }

    private static func isLineEnd(_ byte: UInt8) -> Bool { byte == 0x0D || byte == 0x0A }

    /// Takes bytes of one line.
    private mutating func take(_ span: RawSpan) {
        bytes.append(span)
        if isLineEmpty { isLineEmpty = HTTPHeadBuffer.isEmptyLine(span) }
    }

    /// Whether there is nothing but what ends a line.
    private static func isEmptyLine(_ line: RawSpan) -> Bool {
        for place in 0..<line.byteCount where !isLineEnd(line.uint8(at: place)) { return false }
        return true
    }

    /// Whether bytes at the start of a segment may be a head, to find one in the middle of a connection.
    static func looksLikeHead(_ span: RawSpan) -> Bool {
        var buffer = HTTPHeadBuffer()
        var offset = 0
        // A first word of letters and a space are in nearly every text: only the whole first line is convincing.
        guard span.byteCount >= 5 else { return false }
        while offset < span.byteCount, buffer.isFirstLine {
            let progress = buffer.read(span.upTo(offset + 1), from: &offset, limit: 8_192)
            guard case .going = progress else { return false }
        }
        // The first bytes of a head may be missing.
        if case .request(let method, _, _) = buffer.startLine { return !HTTPHeadBuffer.isRestOfMethod(method) }
        return !buffer.isFirstLine
    }

    /// Whether a method is what is left of a usual one whose beginning is missing.
    private static func isRestOfMethod(_ method: String) -> Bool {
        usualMethods.contains { $0 != method && $0.hasSuffix(method) }
    }

    /// RFC 9110 §9.3, RFC 5789.
    private static let usualMethods = [
        "GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH",
    ]

    /// The first line, up to its LF.
    static func startLine(_ line: RawSpan) -> HTTPStartLine? {
        let count = line.byteCount
        return HTTPStartLine(parsing: count > 0 && line.uint8(at: count - 1) == 0x0D ? line.upTo(count - 1) : line)
    }

    private mutating func acceptsFirstWord(_ byte: UInt8) -> Bool {
        guard let isOver = HTTPHeadBuffer.isEndOfFirstWord(byte, after: bytes.count - 1) else { return false }
        if isOver { isFirstWord = false }
        return true
    }

    /// Whether the first word is over with a byte that has `count` others before it; `nil` where that is none of it.
    ///
    /// It is a method or `HTTP/1.x`: capital letters, `-`, and what the version needs.
    private static func isEndOfFirstWord(_ byte: UInt8, after count: Int) -> Bool? {
        switch byte {
        case 0x20: count > 0 ? true : nil
        case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "-"):
            count < longestFirstWord ? false : nil
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "/"), UInt8(ascii: "."), UInt8(ascii: "_"):
            count < longestFirstWord && count > 0 ? false : nil
        default: nil
        }
    }
}
