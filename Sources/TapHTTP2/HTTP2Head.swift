import TapCore
import TapHTTP

/// The fields of one request, response or trailer.
package struct HTTP2Head: Equatable, Sendable {
    package let stream: HTTP2StreamID
    /// The protocol of the stream: HTTP/3 has the same heads.
    package let version: String
    /// Those whose names begin with a colon, in the order in which they were sent. RFC 9113 §8.3.
    package let pseudoFields: [HTTPField]
    package let fields: HTTPFields
    /// How many further fields are unknown, since they refer to something sent before the capture or in a missing part of it.
    package let unknownFields: Int
    /// Bytes of fields that were not kept.
    package let droppedBytes: UInt64
    /// How long the header block was on the wire, in bytes.
    package let blockBytes: Int
    package let endsStream: Bool
    /// The packet of its first byte, and that of its last.
    package let firstPacket: PacketHeader
    package let packet: PacketHeader

    /// Whether all fields are known: else, one that is not here may have been sent.
    package var isWhole: Bool { unknownFields == 0 && droppedBytes == 0 }

    package var method: String? { first(":method") }
    package var scheme: String? { first(":scheme") }
    package var authority: String? { first(":authority") }
    package var path: String? { first(":path") }
    package var `protocol`: String? { first(":protocol") }

    /// Three digits. RFC 9113 §8.3.2.
    package var status: Int? {
        guard let text = first(":status") else { return nil }
        return HTTP2Head.status(Array(text.utf8)[...])
    }

    /// The same as a request of HTTP/1.1 has it, the path as its target; `nil` where the start line is not known.
    package var request: HTTPHead? {
        let method = method ?? (self.protocol == nil ? nil : "CONNECT")
        return method.map { message(.request(method: $0, target: path ?? "", version: version)) }
    }

    /// The same as a response of HTTP/1.1 has it; `nil` where the status is not known.
    package var response: HTTPHead? {
        status.map { message(.response(version: version, status: $0, reason: "")) }
    }

    private func message(_ startLine: HTTPStartLine) -> HTTPHead {
        HTTPHead(
            startLine: startLine, fields: HTTPFields(pseudoFields + fields.all), oddities: [],
            droppedBytes: droppedBytes,
            gap: unknownFields == 0 ? nil : HTTPHeadGap(captured: UInt64(blockBytes), missing: 0),
            packet: packet.number, time: packet.timestamp)
    }

    /// Whether it asks for WebSocket, rightly or as in HTTP/1.1. RFC 8441 §4.
    package var asksForWebSocket: Bool {
        isExtendedConnect || fields.list("upgrade", contains: "websocket")
    }

    /// Whether it is the extended CONNECT for WebSocket.
    package var isExtendedConnect: Bool {
        self.protocol.map { HTTPText.equalsIgnoringCase($0, "websocket") } ?? false
    }

    private func first(_ name: String) -> String? { pseudoFields.first { $0.name == name }?.value }

    static func status(_ text: ArraySlice<UInt8>) -> Int? {
        guard text.count == 3, text.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        let status = text.reduce(0) { $0 * 10 + Int($1 - 0x30) }
        return status >= 100 ? status : nil
    }
}
