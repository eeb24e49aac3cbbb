import TapBytes

/// Parses the bytes of one head, line by line; whatever can be made sense of is kept.
struct HTTPHeadParser {
    private var fields: HTTPFields
    private var oddities: HTTPOddities = []

    /// Parses the whole lines of a head; `nil` where the first line is not one of HTTP/1.
    static func parse(_ buffer: HTTPHeadBuffer, in packet: PacketHeader) -> HTTPHead? {
        guard let startLine = buffer.startLine else { return nil }
        var parser = HTTPHeadParser(fields: HTTPFields(in: buffer.bytes))
        let bytes = buffer.bytes.span.bytes
        var start = 0
        while let end = bytes.firstIndex(of: 0x0A, from: start) {
            let content = parser.withoutLineEnd(bytes, start..<end)
            if start > 0, !content.isEmpty { parser.addField(bytes, content) }
            start = end + 1
        }
        return HTTPHead(
            startLine: startLine, fields: parser.fields, oddities: parser.oddities, droppedBytes: buffer.droppedBytes,
            packet: packet.number, time: packet.timestamp)
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
        let colon = bytes.upTo(line.upperBound).firstIndex(of: UInt8(ascii: ":"), from: line.lowerBound)
        guard let colon, colon > line.lowerBound else {
            oddities.insert(.malformedLine)
            return
        }
        let name = HTTPText.trimmed(bytes, line.lowerBound..<colon)
        if name.upperBound != colon { oddities.insert(.spaceBeforeColon) }
        fields.append(name: name, value: HTTPText.trimmed(bytes, colon + 1..<line.upperBound))
    }
}
