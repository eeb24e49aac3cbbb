import TapCore
import TapSecurity

/// A version of QUIC by its number on the wire. RFC 9000 §15, RFC 9369 §3.1.
package struct QUICVersion: RawRepresentable, Hashable, Sendable {
    package let rawValue: UInt32

    package init(rawValue: UInt32) { self.rawValue = rawValue }

    /// The number of packets that list versions. RFC 9000 §17.2.1.
    static let negotiation = QUICVersion(rawValue: 0)
    package static let one = QUICVersion(rawValue: 1)
    package static let two = QUICVersion(rawValue: 0x6B33_43CF)

    /// `1`, `2`, `draft 29`, or `0x` and eight digits.
    package var name: String {
        switch rawValue {
        case 1: "1"
        case QUICVersion.two.rawValue: "2"
        case 0xFF00_0001...0xFF00_00FF: "draft \(rawValue & 0xFF)"
        case _: "0x" + Hex.string((0..<4).map { UInt8(truncatingIfNeeded: rawValue >> UInt32(24 - 8 * $0)) })
        }
    }

    /// How keys come out of secrets; `nil` for a version that is not read.
    var schedule: KeySchedule? {
        switch self {
        case .one: .quic
        case .two: .quic2
        case _: nil
        }
    }

    /// From which, and from the client's first connection ID, the keys of Initial packets come. RFC 9001 §5.2, RFC 9369 §3.3.1.
    var salt: [UInt8] {
        self == .two
            ? [
                0x0D, 0xED, 0xE3, 0xDE, 0xF7, 0x00, 0xA6, 0xDB, 0x81, 0x93, 0x81, 0xBE, 0x6E, 0x26, 0x9D, 0xCB,
                0xF9, 0xBD, 0x2E, 0xD9,
            ]
            : [
                0x38, 0x76, 0x2C, 0xF7, 0xF5, 0x59, 0x34, 0xB3, 0x4D, 0x17, 0x9A, 0xE6, 0xA4, 0xC8, 0x0C, 0xAD,
                0xCC, 0xBB, 0x7F, 0x0A,
            ]
    }

    /// What kind of packet a long header's first byte tells. RFC 9000 §17.2, RFC 9369 §3.2.
    func kind(_ first: UInt8) -> QUICLongHeader.Kind {
        guard self != .negotiation else { return .versionNegotiation }
        let type = first >> 4 & 3
        switch self == .two ? (type + 3) & 3 : type {
        case 0: return .initial
        case 1: return .zeroRTT
        case 2: return .handshake
        case _: return .retry
        }
    }
}
