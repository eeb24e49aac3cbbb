/// The header of a record of TLS. RFC 8446 §5.1.
@usableFromInline
package struct RecordHeader: Equatable {
    @inlinable package static var length: Int { 5 }
    /// 2^14 bytes, and what encryption may add: RFC 5246 §6.2.3 allows more than RFC 8446 does.
    @inlinable package static var longestBody: Int { (1 << 14) + 2_048 }
    /// The length of the shortest encrypted record with its header: one byte, and the tag of CCM_8. RFC 8446 §5.2.
    package static let shortestEncrypted = length + 1 + 8

    @usableFromInline package let type: UInt8
    @usableFromInline package let bodyLength: Int

    /// Returns `nil` if the bytes are not the header of a record of SSL 3.0 to TLS 1.3. TLS 1.3 writes the version of 1.2 into
    /// it.
    @inlinable
    package init?(_ bytes: RawSpan, at offset: Int = 0) {
        guard offset >= 0, offset + Self.length <= bytes.byteCount else { return nil }
        type = bytes.uint8(at: offset)
        bodyLength = Int(bytes.uint16(at: offset + 3))
        guard 20...24 ~= type, bytes.uint8(at: offset + 1) == 3, bytes.uint8(at: offset + 2) <= 4,
            bodyLength <= Self.longestBody
        else { return nil }
    }

    @inlinable package var recordLength: Int { Self.length + bodyLength }

    /// Whether what one segment holds begins with a record that is not empty, and goes on with others where that one ends.
    package static func beginChain(_ bytes: RawSpan) -> Bool {
        var place = 0
        while place + length <= bytes.byteCount {
            guard let header = RecordHeader(bytes, at: place), header.bodyLength > 0 else { return false }
            place += header.recordLength
        }
        return place > 0
    }
}

/// What a record carries. RFC 8446 §5.1.
package enum ContentType {
    package static let changeCipherSpec: UInt8 = 20
    package static let alert: UInt8 = 21
    package static let handshake: UInt8 = 22
    package static let applicationData: UInt8 = 23
}
