import TapBytes

/// Collects the bytes of a head until its empty line, and notices early that they are none.
struct HTTPHeadBuffer {
    enum Progress { case going, whole, notHTTP, tooLong }

    private(set) var bytes: [UInt8] = []
    /// Whether the current line holds nothing so far, but for the CR at its end.
    private var isLineEmpty = true
    private var isFirstLine = true
    private var isFirstWord = true

    /// Longer than any registered method; the longest is `UPDATEREDIRECTREF`.
    private static let longestFirstWord = 24

    /// Consumes bytes from `offset` up to the end of the head or of the bytes.
    mutating func read(_ span: RawSpan, from offset: inout Int, limit: Int) -> Progress {
        while offset < span.byteCount {
            // Byte by byte as long as it may be no head at all, then line by line.
            let run = isFirstWord ? 1 : HTTPHeadBuffer.lineLength(span.from(offset).upTo(max(1, limit - bytes.count)))
            take(span.from(offset).upTo(run))
            offset += run
            if isFirstWord, !acceptsFirstWord(bytes[bytes.count - 1]) { return .notHTTP }
            if bytes.last == 0x0A {
                if isFirstLine, HTTPStartLine(parsing: firstLine) == nil { return .notHTTP }
                if isLineEmpty { return .whole }
                isFirstLine = false
                isLineEmpty = true
            }
            if bytes.count >= limit { return .tooLong }
        }
        return .going
    }

    /// How many bytes there are up to the end of the line, or in all.
    private static func lineLength(_ span: RawSpan) -> Int {
        span.withUnsafeBytes { bytes in bytes.firstIndex(of: 0x0A).map { $0 + 1 } ?? bytes.count }
    }

    /// Takes bytes of one line.
    private mutating func take(_ span: RawSpan) {
        span.withUnsafeBytes { run in
            bytes.append(contentsOf: run)
            if isLineEmpty { isLineEmpty = run.allSatisfy { $0 == 0x0D || $0 == 0x0A } }
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
