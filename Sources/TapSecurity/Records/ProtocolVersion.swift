import TapCore

/// A version of TLS by its number on the wire. RFC 8446 §4.2.1.
package struct ProtocolVersion: RawRepresentable, Hashable, Sendable {
    package let rawValue: UInt16

    package init(rawValue: UInt16) { self.rawValue = rawValue }

    package static let ssl3 = ProtocolVersion(rawValue: 0x0300)
    package static let tls10 = ProtocolVersion(rawValue: 0x0301)
    package static let tls11 = ProtocolVersion(rawValue: 0x0302)
    package static let tls12 = ProtocolVersion(rawValue: 0x0303)
    package static let tls13 = ProtocolVersion(rawValue: 0x0304)

    /// Whether records of this version are read.
    package var isRead: Bool { Self.tls10.rawValue...Self.tls13.rawValue ~= rawValue }

    package var name: String {
        switch self {
        case .ssl3: "SSL 3.0"
        case .tls10: "TLS 1.0"
        case .tls11: "TLS 1.1"
        case .tls12: "TLS 1.2"
        case .tls13: "TLS 1.3"
        case _: "0x" + Hex.string([UInt8(rawValue >> 8), UInt8(rawValue & 0xFF)])
        }
    }
}
