/// By which names keys come out of a traffic secret: TLS 1.3 and each version of QUIC has its own.
package enum KeySchedule: UInt8, Sendable {
    /// RFC 8446 §7.3.
    case tls
    /// QUIC version 1. RFC 9001 §5.1.
    case quic
    /// QUIC version 2. RFC 9369 §3.3.2.
    case quic2

    package var key: StaticString {
        switch self {
        case .tls: "key"
        case .quic: "quic key"
        case .quic2: "quicv2 key"
        }
    }

    package var iv: StaticString {
        switch self {
        case .tls: "iv"
        case .quic: "quic iv"
        case .quic2: "quicv2 iv"
        }
    }

    /// The secret after this one.
    var update: StaticString {
        switch self {
        case .tls: "traffic upd"
        case .quic: "quic ku"
        case .quic2: "quicv2 ku"
        }
    }

    /// The key that hides parts of packet headers; TLS has none.
    var headerProtection: StaticString {
        switch self {
        case .tls, .quic: "quic hp"
        case .quic2: "quicv2 hp"
        }
    }
}
