import TapCore

/// By which an endpoint knows a connection's packets: up to 20 bytes that it chose. RFC 9000 §5.1.
package struct QUICConnectionID: Hashable, Sendable {
    private let words: SIMD2<UInt64>
    private let rest: UInt32
    private let length: UInt8

    package static let longest = 20

    /// Returns `nil` where there are more bytes than an ID has.
    package init?(_ bytes: RawSpan) {
        guard bytes.byteCount <= QUICConnectionID.longest else { return nil }
        var words = SIMD2<UInt64>()
        var rest: UInt32 = 0
        for index in 0..<bytes.byteCount {
            let byte = bytes.uint8(at: index)
            if index < 16 {
                words[index >> 3] |= UInt64(byte) << UInt64(56 - 8 * (index & 7))
            } else {
                rest |= UInt32(byte) << UInt32(24 - 8 * (index - 16))
            }
        }
        self.words = words
        self.rest = rest
        length = UInt8(bytes.byteCount)
    }

    /// In bytes.
    package var count: Int { Int(length) }

    var bytes: [UInt8] {
        (0..<count).map { index -> UInt8 in
            if index >= 16 { return UInt8(truncatingIfNeeded: rest >> UInt32(24 - 8 * (index - 16))) }
            return UInt8(truncatingIfNeeded: words[index >> 3] >> UInt64(56 - 8 * (index & 7)))
        }
    }
}
