import TapBytes

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
    private var isFirstLine = true
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
                if isFirstLine, HTTPStartLine(parsing: firstLine) == nil { return .notHTTP }
                if isLineEmpty { return .whole }
                isFirstLine = false
                beginLine()
            }
        }
        return .going
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
        span.withUnsafeBytes { bytes in bytes.firstIndex(of: 0x0A).map { $0 + 1 } ?? bytes.count }
    }

    private static func isLineEnd(_ byte: UInt8) -> Bool { byte == 0x0D || byte == 0x0A }

    /// Takes bytes of one line.
    private mutating func take(_ span: RawSpan) {
        span.withUnsafeBytes { run in
            bytes.append(contentsOf: run)
            if isLineEmpty { isLineEmpty = run.allSatisfy(HTTPHeadBuffer.isLineEnd) }
        }
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
        return !buffer.isFirstLine
    }

    private var firstLine: ArraySlice<UInt8> {
        let line = bytes.dropLast()
        return line.last == 0x0D ? line.dropLast() : line
    }

    /// The first word is a method or `HTTP/1.x`: capital letters, `-`, and what the version needs.
    private mutating func acceptsFirstWord(_ byte: UInt8) -> Bool {
        if byte == 0x20 {
            isFirstWord = false
            return bytes.count > 1
        }
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "-"):
            return bytes.count <= HTTPHeadBuffer.longestFirstWord
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "/"), UInt8(ascii: "."), UInt8(ascii: "_"):
            return bytes.count <= HTTPHeadBuffer.longestFirstWord && bytes.count > 1
        default:
            return false
        }
    }
}
