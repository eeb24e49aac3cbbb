/// Whether the checksums of one direction can be believed, as far as it has shown.
///
/// Network cards that compute them later, or put segments together, leave wrong ones in a capture. So a wrong one tells
/// something only where the others are right; after a few wrong ones among few right ones, none is looked at any more.
@usableFromInline
struct ChecksumTrust {
    @usableFromInline var right: UInt8 = 0
    @usableFromInline var wrong: UInt8 = 0
    /// The longest payload that had a right one.
    @usableFromInline var longest: UInt16 = 0

    @inlinable init() {}

    private static let fewWrong = 4
    private static let enoughRight = 4
    /// As long as the payload of any packet of the usual size: more is a sign of several in one.
    private static let usualLength = 1_460
    /// Until then, segments without payload are looked at, too.
    @inlinable static var probation: UInt8 { 8 }

    @inlinable var isVerifying: Bool { wrong < .max }

    @inlinable
    @inline(__always)
    mutating func noteRight(length: Int) {
        if length > Int(longest) { longest = UInt16(clamping: length) }
        // Old ones count less in the end.
        if right == .max { (right, wrong) = (128, wrong / 2) }
        right += 1
    }

    /// Notes a wrong one; answers whether a segment with it is to be refused.
    mutating func noteWrong(length: Int, isLeftOpen: Bool) -> Bool {
        let isTelling = right > 0 && !isLeftOpen && length <= max(Int(longest), ChecksumTrust.usualLength)
        wrong += 1
        if wrong >= ChecksumTrust.fewWrong, Int(wrong) * ChecksumTrust.enoughRight > Int(right) { giveUp() }
        return isTelling && isVerifying
    }

    mutating func giveUp() { wrong = .max }
}
