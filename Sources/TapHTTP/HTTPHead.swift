import TapCore

/// The start line and the header fields of one HTTP/1 message.
public struct HTTPHead: Equatable, Sendable {
    /// Heads are handed on many times, and seldom looked at: so that costs what one reference does.
    @usableFromInline
    final class Content: Sendable {
        @usableFromInline let startLine: HTTPStartLine
        @usableFromInline let fields: HTTPFields
        @usableFromInline let oddities: HTTPOddities
        @usableFromInline let droppedBytes: UInt64
        @usableFromInline let packet: PacketNumber
        @usableFromInline let time: Timestamp
        @usableFromInline let gap: HTTPHeadGap?

        init(
            _ startLine: HTTPStartLine, _ fields: HTTPFields, _ oddities: HTTPOddities, _ droppedBytes: UInt64,
            _ gap: HTTPHeadGap?, _ packet: PacketNumber, _ time: Timestamp
        ) {
            self.startLine = startLine
            self.fields = fields
            self.oddities = oddities
            self.droppedBytes = droppedBytes
            self.packet = packet
            self.time = time
            self.gap = gap
        }
    }

    @usableFromInline let content: Content

    @inlinable public var startLine: HTTPStartLine { content.startLine }
    @inlinable public var fields: HTTPFields { content.fields }
    @inlinable public var oddities: HTTPOddities { content.oddities }
    /// Bytes of lines that were not looked at, because the head is longer than the limit.
    @inlinable public var droppedBytes: UInt64 { content.droppedBytes }
    /// The packet that holds the head's last byte.
    @inlinable public var packet: PacketNumber { content.packet }
    @inlinable public var time: Timestamp { content.time }
    /// What of it was captured, where that is not all: then a field that is not among ``fields`` may have been sent.
    @inlinable public var gap: HTTPHeadGap? { content.gap }
    /// Whether every byte of it was captured.
    @inlinable public var isWhole: Bool { gap == nil }

    /// Where it is of HTTP/2 or HTTP/3, what its start line says is in pseudo-fields.
    public var isOfHTTP2: Bool {
        switch startLine {
        case .request(_, _, let version), .response(let version, _, _):
            version == HTTPHead.version2 || version == HTTPHead.version3
        }
    }

    package static let version2 = "HTTP/2"
    /// The same of HTTP/3.
    package static let version3 = "HTTP/3"

    /// The host that is asked for: the Host field, or what HTTP/2 has in its place. RFC 9113 §8.3.1.
    public var host: String? { fields["Host"].first ?? fields[":authority"].first }

    package init(
        startLine: HTTPStartLine, fields: HTTPFields, oddities: HTTPOddities, droppedBytes: UInt64 = 0,
        gap: HTTPHeadGap? = nil, packet: PacketNumber, time: Timestamp
    ) {
        content = Content(startLine, fields, oddities, droppedBytes, gap, packet, time)
    }

    /// The status, where it is a response.
    package var status: Int? {
        guard case .response(_, let status, _) = startLine else { return nil }
        return status
    }

    public static func == (left: HTTPHead, right: HTTPHead) -> Bool {
        left.startLine == right.startLine && left.fields == right.fields && left.oddities == right.oddities
            && left.droppedBytes == right.droppedBytes && left.gap == right.gap && left.packet == right.packet
            && left.time == right.time
    }
}

extension HTTPHead {
    /// What it costs to keep, about.
    package var cost: Int { 512 + fields.cost }
}

/// How much of a head the capture holds, where that is not all of it.
public struct HTTPHeadGap: Equatable, Sendable {
    /// Bytes of the head that were captured.
    public let captured: UInt64
    /// Bytes that are missing in it, or where it should be; 0 where the stream just ends within it.
    public let missing: UInt64

    package init(captured: UInt64, missing: UInt64) {
        self.captured = captured
        self.missing = missing
    }
}

/// What was captured of a head that is not whole.
package struct HTTPHeadPart {
    /// Its first line, with those of its fields that were captured whole; `nil` where the first line was not.
    package let head: HTTPHead?
    package let gap: HTTPHeadGap
    /// Whether one of the fields is WebSocket's own, or names it.
    package let namesWebSocket: Bool
    /// Whether that shows that it is a request's, whatever its first line was.
    package let isRequest: Bool
}

/// What a head does that RFC 9112 forbids or discourages, and that many parsers accept all the same.
public struct HTTPOddities: OptionSet, Sendable {
    public let rawValue: UInt8

    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// A line that ends in LF without CR (§2.2).
    public static let bareLineFeed = HTTPOddities(rawValue: 1)
    /// A field value that goes on in the next line (§5.2).
    public static let foldedLine = HTTPOddities(rawValue: 2)
    /// White space between a field's name and the colon (§5.1).
    public static let spaceBeforeColon = HTTPOddities(rawValue: 4)
    /// A line that is no header field.
    public static let malformedLine = HTTPOddities(rawValue: 8)
}
