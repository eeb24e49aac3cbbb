import TapBytes

/// Parses the bytes of one head, line by line; whatever can be made sense of is kept.
struct HTTPHeadParser {
    private var fields: [HTTPField] = []
    private var oddities: HTTPOddities = []

    /// Parses the whole lines of a head; `nil` where the first line is not one of HTTP/1.
    static func parse(_ buffer: HTTPHeadBuffer, in packet: PacketHeader) -> HTTPHead? {
        var parser = HTTPHeadParser()
        var startLine: HTTPStartLine?
        for line in buffer.bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).dropLast() {
            let content = parser.withoutLineEnd(line)
            if startLine == nil {
                guard let parsed = HTTPStartLine(parsing: content) else { return nil }
                startLine = parsed
            } else if !content.isEmpty {
                parser.addField(content)
            }
        }
        guard let startLine else { return nil }
        return HTTPHead(
            startLine: startLine, fields: HTTPFields(parser.fields), oddities: parser.oddities,
            droppedBytes: buffer.droppedBytes, packet: packet.number, time: packet.timestamp)
    }

    private mutating func withoutLineEnd(_ line: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        guard line.last == UInt8(ascii: "\r") else {
            oddities.insert(.bareLineFeed)
            return line
        }
        return line.dropLast()
    }

    private mutating func addField(_ line: ArraySlice<UInt8>) {
        if let first = line.first, first == 0x20 || first == 0x09 {
            oddities.insert(.foldedLine)
            let more = String(decoding: HTTPText.trimmed(line), as: UTF8.self)
            guard !fields.isEmpty, !more.isEmpty else { return }
            // In place: a value of many lines would otherwise be copied for each of them.
            if !fields[fields.count - 1].value.isEmpty { fields[fields.count - 1].value += " " }
            fields[fields.count - 1].value += more
            return
        }
        guard let colon = line.firstIndex(of: UInt8(ascii: ":")), colon > line.startIndex else {
            oddities.insert(.malformedLine)
            return
        }
        let name = HTTPText.trimmed(line[..<colon])
        if name.count != colon - line.startIndex { oddities.insert(.spaceBeforeColon) }
        fields.append(
            HTTPField(
                name: String(decoding: name, as: UTF8.self),
                value: String(decoding: HTTPText.trimmed(line[(colon + 1)...]), as: UTF8.self)))
    }
}

extension HTTPStartLine {
    /// `METHOD target HTTP/1.1` or `HTTP/1.1 101 Switching Protocols`.
    init?(parsing line: ArraySlice<UInt8>) {
        let parts = line.split(separator: 0x20, maxSplits: 2).map { String(decoding: $0, as: UTF8.self) }
        guard parts.count >= 2 else { return nil }
        if parts[0].hasPrefix("HTTP/1.") {
            guard parts[1].utf8.count == 3, let status = Int(parts[1]), (100...999).contains(status) else { return nil }
            self = .response(version: parts[0], status: status, reason: parts.count > 2 ? parts[2] : "")
        } else {
            // Some clients send unescaped spaces in the target: the version is what follows the last space.
            let rest = line.dropFirst(parts[0].utf8.count + 1)
            guard let space = rest.lastIndex(of: 0x20) else { return nil }
            let version = String(decoding: rest[(space + 1)...], as: UTF8.self)
            guard version.hasPrefix("HTTP/1."), version.utf8.count == 8 else { return nil }
            let target = String(decoding: HTTPText.trimmed(rest[..<space]), as: UTF8.self)
            self = .request(method: parts[0], target: target, version: version)
        }
    }
}
