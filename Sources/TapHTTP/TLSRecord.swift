import TapCore

/// Recognises TLS in the middle of a connection, by the headers of its records. RFC 8446 §5.1 and §5.2.
package enum TLSRecord {
    static let headerLength = 5
    /// 2^14 bytes and what encryption may add: RFC 5246 §6.2.3 allows more than RFC 8446 does.
    private static let longest = (1 << 14) + 2_048

    /// Whether what one segment holds begins with a record, and goes on with others where that one ends.
    package static func begin(_ bytes: RawSpan) -> Bool {
        var place = 0
        while place + headerLength <= bytes.byteCount {
            guard let length = length(bytes, at: place) else { return false }
            place += headerLength + length
        }
        return place > 0
    }

    /// The length of the record whose header stands at a place; `nil` where none does.
    private static func length(_ bytes: RawSpan, at place: Int) -> Int? {
        let length = Int(bytes.uint16(at: place + 3))
        // change_cipher_spec, alert, handshake, application_data, heartbeat; SSL 3.0 to TLS 1.3, which says 1.2.
        let isHeader =
            20...24 ~= bytes.uint8(at: place) && bytes.uint8(at: place + 1) == 3 && bytes.uint8(at: place + 2) <= 3
        return isHeader && 1...longest ~= length ? length : nil
    }
}
