/// Why a stream or a connection of HTTP/2 or HTTP/3 was ended: their numbers do not overlap. RFC 9113 §7, RFC 9114 §8.1.
public struct HTTP2ErrorCode: Hashable, Sendable, CustomStringConvertible, Codable {
    public let rawValue: UInt32

    public init(_ rawValue: UInt32) { self.rawValue = rawValue }

    private static let names = [
        "NO_ERROR", "PROTOCOL_ERROR", "INTERNAL_ERROR", "FLOW_CONTROL_ERROR", "SETTINGS_TIMEOUT", "STREAM_CLOSED",
        "FRAME_SIZE_ERROR", "REFUSED_STREAM", "CANCEL", "COMPRESSION_ERROR", "CONNECT_ERROR", "ENHANCE_YOUR_CALM",
        "INADEQUATE_SECURITY", "HTTP_1_1_REQUIRED",
    ]

    /// From 0x100 on.
    private static let namesOfHTTP3 = [
        "H3_NO_ERROR", "H3_GENERAL_PROTOCOL_ERROR", "H3_INTERNAL_ERROR", "H3_STREAM_CREATION_ERROR",
        "H3_CLOSED_CRITICAL_STREAM", "H3_FRAME_UNEXPECTED", "H3_FRAME_ERROR", "H3_EXCESSIVE_LOAD", "H3_ID_ERROR",
        "H3_SETTINGS_ERROR", "H3_MISSING_SETTINGS", "H3_REQUEST_REJECTED", "H3_REQUEST_CANCELLED",
        "H3_REQUEST_INCOMPLETE", "H3_MESSAGE_ERROR", "H3_CONNECT_ERROR", "H3_VERSION_FALLBACK",
    ]

    /// Its name; the number where it has none.
    public var description: String {
        if rawValue >= 0x100, rawValue - 0x100 < UInt32(HTTP2ErrorCode.namesOfHTTP3.count) {
            return HTTP2ErrorCode.namesOfHTTP3[Int(rawValue - 0x100)]
        }
        return rawValue < UInt32(HTTP2ErrorCode.names.count) ? HTTP2ErrorCode.names[Int(rawValue)] : "\(rawValue)"
    }
}
