// Copies of borrowed bytes, so that nobody else needs their address.

extension [UInt8] {
    @inlinable
    package init(_ bytes: RawSpan) { self = bytes.withUnsafeBytes { Array($0) } }

    @inlinable
    package mutating func append(_ bytes: RawSpan) { bytes.withUnsafeBytes { append(contentsOf: $0) } }
}

extension String {
    /// Bytes that are not UTF-8 become U+FFFD.
    @inlinable
    package init(decoding bytes: RawSpan) { self = bytes.withUnsafeBytes { String(decoding: $0, as: UTF8.self) } }
}
