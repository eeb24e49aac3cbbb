import TapCore

/// Recognises QUIC by the long header with which both peers begin a connection. RFC 9000 §17.2, RFC 9369 §3.
@usableFromInline
enum QUICHeader {
    /// Longer connection IDs are in no version that is known.
    private static let longestID = 20

    /// Whether a datagram's first byte has the long form.
    @inline(__always)
    static func mayBeLong(_ bytes: RawSpan, at start: Int) -> Bool {
        start < bytes.byteCount && bytes.uint8(at: start) >= 0x80
    }

    /// Whether a version is 1 or 2, or that of a draft before them.
    @inlinable
    static func isKnown(version: UInt32) -> Bool {
        switch version {
        case 1, 0x6B33_43CF, 0xFF00_0001...0xFF00_00FF: true
        default: false
        }
    }

    /// Whether the payload of a datagram, of which `start..<end` was captured, begins with a long header of version 1 or 2,
    /// or of one of the drafts before them.
    static func isLong(_ bytes: RawSpan, at start: Int, end: Int) -> Bool {
        // The form, the version, and the length of an ID of at least one byte.
        guard end >= start + 7, mayBeLong(bytes, at: start), isKnown(version: bytes.uint32(at: start + 1)) else {
            return false
        }
        let destination = Int(bytes.uint8(at: start + 5))
        // Who knows the server need not set the fixed bit: of such ones only hellos count. RFC 9287 §3.1, RFC 9000 §7.2 and §14.1.
        guard bytes.uint8(at: start) & 0x40 != 0 || destination >= 8 && end >= start + 1_200 else { return false }
        let source = start + 6 + destination
        guard destination <= longestID else { return false }
        return source >= end || bytes.uint8(at: source) <= longestID
    }
}
