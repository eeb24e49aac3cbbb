import TapCore

/// Parses the bytes of one head, line by line; whatever can be made sense of is kept.
struct HTTPHeadParser {
    private var fields: HTTPFields
    private var oddities: HTTPOddities = []

    /// Parses the whole lines of a head; `nil` where the first line is not one of HTTP/1.
    static func parse(_ buffer: HTTPHeadBuffer, in packet: PacketHeader) -> HTTPHead? {
        guard let startLine = buffer.startLine else { return nil }
        let parser = HTTPHeadParser(lines: buffer.bytes)
        return HTTPHead(
            startLine: startLine, fields: parser.fields, oddities: parser.oddities, droppedBytes: buffer.droppedBytes,
            packet: packet.number, time: packet.timestamp)
    }

    /// Parses the whole lines of a head that was captured in part; the first of them is not looked at.
    static func parse(
        _ lines: [UInt8], _ startLine: HTTPStartLine?, _ gap: HTTPHeadGap, droppedBytes: UInt64,
        in packet: PacketHeader?
    ) -> HTTPHeadPart {
        let parser = HTTPHeadParser(lines: lines)
        let fields = parser.fields
        var head: HTTPHead?
        if let startLine, let packet {
            head = HTTPHead(
                startLine: startLine, fields: fields, oddities: parser.oddities, droppedBytes: droppedBytes, gap: gap,
                packet: packet.number, time: packet.timestamp)
        }
        let namesWebSocket =
            fields.has(.webSocketKey) || fields.has(.webSocketAccept) || fields.has(.webSocketVersion)
            || fields.list(.upgrade, contains: "websocket")
        let isRequest = namesWebSocket && (fields.has(.webSocketKey) || fields.has(.host))
        return HTTPHeadPart(head: head, gap: gap, namesWebSocket: namesWebSocket, isRequest: isRequest)
    }

    /// Parses all whole lines but the first.
    private init(lines: [UInt8]) {
        fields = HTTPFields(in: lines)
        let bytes = lines.span.bytes
        var start = 0
        while let end = bytes.firstIndex(of: 0x0A, from: start) {
            let content = withoutLineEnd(bytes, start..<end)
            if start > 0, !content.isEmpty { addField(bytes, content) }
            start = end + 1
        }
    }

    private init(fields: HTTPFields) { self.fields = fields }

    /// The fast path for a head that lies whole in one piece and is well-formed, as nearly all are: nothing is decided byte
    /// by byte, and each line is looked at once.
    /// - Returns: `nil`, with nothing consumed, where it may be a head all the same.
    static func parseWhole(
        _ bytes: RawSpan, from offset: inout Int, limit: Int, in packet: PacketHeader
    ) -> HTTPHead? {
        let bytes = bytes.from(offset).upTo(limit)
        guard HTTPHeadBuffer.beginsWithWord(bytes), var end = bytes.firstIndex(of: 0x0A),
            let startLine = HTTPHeadBuffer.startLine(bytes.upTo(end))
        else { return nil }
        var parser = HTTPHeadParser(fields: HTTPFields())
        _ = parser.withoutLineEnd(bytes, 0..<end)
        while let next = bytes.firstIndex(of: 0x0A, from: end + 1) {
            let content = parser.withoutLineEnd(bytes, end + 1..<next)
            end = next
            if content.isEmpty, parser.oddities.isEmpty {
                let fields = parser.fields.with(bytes.upTo(end + 1))
                offset += end + 1
                return HTTPHead(
                    startLine: startLine, fields: fields, oddities: [], packet: packet.number, time: packet.timestamp)
            }
            guard !content.isEmpty, !HTTPText.isBlank(bytes.uint8(at: content.lowerBound)) else { return nil }
            parser.addField(bytes, content)
            guard parser.oddities.isEmpty else { return nil }
        }
        return nil
    }

    private mutating func withoutLineEnd(_ bytes: RawSpan, _ line: Range<Int>) -> Range<Int> {
        guard !line.isEmpty, bytes.uint8(at: line.upperBound - 1) == 0x0D else {
            oddities.insert(.bareLineFeed)
            return line
        }
        return line.lowerBound..<line.upperBound - 1
    }

    private mutating func addField(_ bytes: RawSpan, _ line: Range<Int>) {
        if HTTPText.isBlank(bytes.uint8(at: line.lowerBound)) {
            oddities.insert(.foldedLine)
            return fields.continueLast(with: HTTPText.trimmed(bytes, line))
        }
        // Nearly every line has one: to look no further than its end would cost more.
        let colon = bytes.firstIndex(of: UInt8(ascii: ":"), from: line.lowerBound)
        guard let colon, colon > line.lowerBound, colon < line.upperBound else {
            oddities.insert(.malformedLine)
            return
        }
        var name = line.lowerBound..<colon
        if HTTPText.isBlank(bytes.uint8(at: colon - 1)) {
            oddities.insert(.spaceBeforeColon)
            name = HTTPText.trimmed(bytes, name)
        }
        fields.append(name: name, value: HTTPText.trimmed(bytes, colon + 1..<line.upperBound), of: bytes)
    }
}
