import TapBytes

/// Collects the bytes of a head until its empty line, and notices early that they are none.
struct HTTPHeadBuffer {
    enum Progress { case going, whole, notHTTP, tooLong }

    private(set) var bytes: [UInt8] = []
    /// Bytes of the current line so far, without the CR at its end.
    private var lineLength = 0
    private var isFirstLine = true
    private var isFirstWord = true

    /// Longer than any registered method; the longest is `UPDATEREDIRECTREF`.
    private static let longestFirstWord = 24

    /// Consumes bytes from `offset` up to the end of the head or of the bytes.
    mutating func read(_ span: RawSpan, from offset: inout Int, limit: Int) -> Progress {
        while offset < span.byteCount {
            let byte = span.uint8(at: offset)
            offset += 1
            bytes.append(byte)
            if isFirstWord, !acceptsFirstWord(byte) { return .notHTTP }
            if byte == 0x0A {
                if isFirstLine, HTTPStartLine(parsing: firstLine) == nil { return .notHTTP }
                if lineLength == 0 { return .whole }
                isFirstLine = false
                lineLength = 0
            } else if byte != 0x0D {
                lineLength += 1
            }
            if bytes.count >= limit { return .tooLong }
        }
        return .going
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
