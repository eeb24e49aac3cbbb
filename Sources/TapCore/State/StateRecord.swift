/// One of the records that a file of state consists of: what it is, its length, a checksum, and then its bytes.
package struct StateRecord {
    /// What a record is.
    package enum Kind: UInt8 {
        case header = 1
        case entries = 2
        case totals = 3
        /// Nothing follows, and it holds nothing.
        case end = 4
    }

    /// What a file of state begins with.
    package static let magic = Array("wstap part 1\n".utf8)
    /// Bytes before those of a record.
    package static let headLength = 17
    /// No record is longer; nothing that is written comes near.
    package static let longest: UInt64 = 1 << 40

    package let kind: Kind
    package let length: UInt64
    private let checksum: UInt64

    /// - Parameter head: the first ``headLength`` bytes.
    package init(head: RawSpan) throws(StateError) {
        guard head.byteCount == StateRecord.headLength, let kind = Kind(rawValue: head.uint8(at: 0)) else {
            throw StateError()
        }
        self.kind = kind
        length = head.uint64(at: 1)
        checksum = head.uint64(at: 9)
        guard length <= StateRecord.longest else { throw StateError() }
    }

    /// Whether these are the bytes that were written.
    package func isIntact(_ bytes: [UInt8]) -> Bool { Fingerprint.of(bytes) == checksum }

    package static func append(_ kind: Kind, _ bytes: [UInt8], to output: inout [UInt8]) {
        output.append(kind.rawValue)
        append(UInt64(bytes.count), to: &output)
        append(Fingerprint.of(bytes), to: &output)
        output += bytes
    }

    private static func append(_ number: UInt64, to output: inout [UInt8]) {
        for shift in stride(from: 56, through: 0, by: -8) { output.append(UInt8(truncatingIfNeeded: number >> shift)) }
    }
}
