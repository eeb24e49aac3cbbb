import TapCore

/// A head of which bytes are missing: keeps the lines that were captured whole, and finds its end where that was captured.
///
/// What follows missing bytes is either the rest of the head, which is lines of text up to an empty one, or what comes after
/// the head.
struct HTTPCutHead {
    enum Progress {
        case going
        /// The empty line was there.
        case ended
        /// What follows the missing bytes is no rest of a head.
        case absent
    }

    private let startLine: HTTPStartLine?
    /// The whole lines, the first of which is not looked at.
    private var lines: [UInt8]
    private let droppedBytes: UInt64
    /// Bytes that are certainly the head's, and those after them that may be.
    private var captured: UInt64
    private var doubtful: UInt64 = 0
    /// The packets that brought the last of each.
    private var packet: PacketHeader?
    private var doubtfulPacket: PacketHeader?
    private var missing: UInt64
    private var line: [UInt8] = []
    /// Whether the start of the current line is missing.
    private var isLineCut = true
    /// Whether the missing bytes ended right before a line's end, which may be that of the empty line.
    private var mayHaveEnded = false

    /// Nothing of it was captured so far.
    init(missing: Int) {
        startLine = nil
        lines = HTTPCutHead.unknownLine
        droppedBytes = 0
        captured = 0
        self.missing = UInt64(missing)
    }

    /// - Parameter missing: bytes that are missing after those in the buffer.
    init(_ buffer: HTTPHeadBuffer, missing: Int) {
        let isFirstLineWhole = buffer.startLine != nil
        startLine = buffer.startLine ?? HTTPStartLine(parsingStatusOf: buffer.bytes.span.bytes)
        lines = isFirstLineWhole ? Array(buffer.wholeLines) : HTTPCutHead.unknownLine
        droppedBytes = buffer.droppedBytes
        captured = UInt64(buffer.bytes.count) + buffer.droppedBytes
        packet = buffer.packet
        self.missing = UInt64(missing)
    }

    private static let unknownLine: [UInt8] = [0x0D, 0x0A]

    /// Bytes that it keeps.
    var count: Int { lines.count + line.count }

    /// Steps over further bytes that are missing.
    mutating func skip(_ count: Int) {
        keepDoubtful()
        missing += UInt64(count)
        line.removeAll()
        isLineCut = true
        mayHaveEnded = false
    }

    /// Consumes bytes from `offset` up to the end of the head, of the bytes, or of what may be a head.
    mutating func read(_ span: RawSpan, from offset: inout Int, limit: Int, in packet: PacketHeader) -> Progress {
        while offset < span.byteCount {
            let byte = span.uint8(at: offset)
            guard HTTPCutHead.isText(byte), line.count < limit, lines.count < limit else {
                guard mayHaveEnded, line.isEmpty else { return .absent }
                keepDoubtful()
                return .ended
            }
            offset += 1
            doubtful += 1
            doubtfulPacket = packet
            line.append(byte)
            guard byte == 0x0A else { continue }
            if let end = endLine() { return end }
        }
        return .going
    }

    /// What there is of the head.
    var part: HTTPHeadPart {
        let gap = HTTPHeadGap(captured: captured + doubtful, missing: missing)
        return HTTPHeadParser.parse(lines, startLine, gap, droppedBytes: droppedBytes, in: doubtfulPacket ?? packet)
    }

    /// What followed the missing bytes is not the head's.
    mutating func forgetDoubtful() {
        doubtful = 0
        doubtfulPacket = nil
    }

    /// What followed the missing bytes is the head's.
    private mutating func keepDoubtful() {
        captured += doubtful
        packet = doubtfulPacket ?? packet
        forgetDoubtful()
    }

    private mutating func endLine() -> Progress? {
        let isEmpty = line.allSatisfy { $0 == 0x0D || $0 == 0x0A }
        defer {
            line.removeAll(keepingCapacity: true)
            isLineCut = false
        }
        if isLineCut {
            mayHaveEnded = isEmpty
            return nil
        }
        if isEmpty {
            keepDoubtful()
            return .ended
        }
        guard HTTPCutHead.isField(line) else { return .absent }
        mayHaveEnded = false
        lines += line
        return nil
    }

    private static func isText(_ byte: UInt8) -> Bool {
        (0x20...0x7E).contains(byte) || byte == 0x0D || byte == 0x0A || byte == 0x09
    }

    /// Whether it is `name: value`, or continues such a line. RFC 9112 §5.
    private static func isField(_ line: [UInt8]) -> Bool {
        if let first = line.first, HTTPText.isBlank(first) { return true }
        guard let colon = line.firstIndex(of: UInt8(ascii: ":")) else { return false }
        return HTTPText.isToken(String(decoding: line[..<colon], as: UTF8.self))
    }
}
