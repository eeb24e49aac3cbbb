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

    public static func == (left: HTTPHead, right: HTTPHead) -> Bool {
        left.startLine == right.startLine && left.fields == right.fields && left.oddities == right.oddities
            && left.droppedBytes == right.droppedBytes && left.gap == right.gap && left.packet == right.packet
            && left.time == right.time
    }
}
