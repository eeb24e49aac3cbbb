import TapCore

/// The fields that following a connection asks for. Each is told once, while its head is parsed: comparing every name
/// with every one that is asked for costs more than all the rest of a handshake.
package enum HTTPFieldName: UInt8, CaseIterable, Sendable {
    case host, upgrade, connection, contentLength, transferEncoding
    case webSocketKey, webSocketVersion, webSocketProtocol, webSocketExtensions, webSocketAccept
    /// Those of the draft that browsers spoke before RFC 6455.
    case webSocketKey1, webSocketKey2

    /// The field with a name, in any case; `nil` where it is none of these.
    init?(_ name: RawSpan) {
        guard let candidate = HTTPFieldName.candidate(for: name),
            HTTPText.equalsIgnoringCase(name, candidate.lowercased)
        else { return nil }
        self = candidate
    }

    /// Which of them has this length, and if there are two this first or last letter.
    private static func candidate(for name: RawSpan) -> HTTPFieldName? {
        switch name.byteCount {
        case 4: .host
        case 7: .upgrade
        case 10: .connection
        case 14: .contentLength
        case 17: HTTPText.lowered(name.uint8(at: 0)) == UInt8(ascii: "t") ? .transferEncoding : .webSocketKey
        case 18: name.uint8(at: 17) == UInt8(ascii: "1") ? .webSocketKey1 : .webSocketKey2
        case 20: .webSocketAccept
        case 21: .webSocketVersion
        case 22: .webSocketProtocol
        case 24: .webSocketExtensions
        default: nil
        }
    }

    /// The name in lower case.
    package var lowercased: StaticString {
        switch self {
        case .host: "host"
        case .upgrade: "upgrade"
        case .connection: "connection"
        case .contentLength: "content-length"
        case .transferEncoding: "transfer-encoding"
        case .webSocketKey: "sec-websocket-key"
        case .webSocketVersion: "sec-websocket-version"
        case .webSocketProtocol: "sec-websocket-protocol"
        case .webSocketExtensions: "sec-websocket-extensions"
        case .webSocketAccept: "sec-websocket-accept"
        case .webSocketKey1: "sec-websocket-key1"
        case .webSocketKey2: "sec-websocket-key2"
        }
    }

    /// Its place in a set of them.
    var bit: UInt16 { 1 << rawValue }
}
