import TapCore

/// The header of a record. RFC 8446 §5.1.
package struct RecordHeader: Equatable {
    package static let length = 5
    /// 2^14 bytes, and what encryption may add: RFC 5246 §6.2.3 allows more than RFC 8446 does.
    package static let longestBody = (1 << 14) + 2_048
    /// The length of the shortest encrypted record with its header: one byte, and the tag of CCM_8. RFC 8446 §5.2.
    static let shortestEncrypted = length + 1 + 8

    package let type: UInt8
    package let bodyLength: Int

    /// Returns `nil` where the bytes are not the header of a record of SSL 3.0 to TLS 1.3, which says 1.2.
    package init?(_ bytes: RawSpan, at offset: Int = 0) {
        guard offset >= 0, offset + Self.length <= bytes.byteCount else { return nil }
        type = bytes.uint8(at: offset)
        bodyLength = Int(bytes.uint16(at: offset + 3))
        guard 20...24 ~= type, bytes.uint8(at: offset + 1) == 3, bytes.uint8(at: offset + 2) <= 4,
            bodyLength <= Self.longestBody
        else { return nil }
    }

    package var recordLength: Int { Self.length + bodyLength }
}

/// What a record carries. RFC 8446 §5.1.
package enum ContentType {
    package static let changeCipherSpec: UInt8 = 20
    package static let alert: UInt8 = 21
    package static let handshake: UInt8 = 22
    package static let applicationData: UInt8 = 23
}
