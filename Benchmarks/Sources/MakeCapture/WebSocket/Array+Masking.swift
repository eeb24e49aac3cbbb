extension [UInt8] {
    /// Appends a payload, each byte combined with its byte of the masking key. RFC 6455 §5.3.
    mutating func append(_ payload: [UInt8], maskedWith key: UInt32) {
        let start = count
        append(contentsOf: payload)
        let words = payload.count / 8
        let wideKey = (UInt64(key) << 32 | UInt64(key)).bigEndian
        var bytes = mutableSpan
        var rest = unsafe bytes.mutableBytes
        for offset in stride(from: start, to: start + words * 8, by: 8) {
            let word = unsafe rest.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self)
            rest.storeBytes(of: word ^ wideKey, toByteOffset: offset, as: UInt64.self)
        }
        for index in words * 8..<payload.count {
            self[start + index] ^= UInt8(truncatingIfNeeded: key >> (24 - 8 * (index & 3)))
        }
    }
}
