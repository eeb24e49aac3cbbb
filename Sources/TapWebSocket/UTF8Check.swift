import TapCore

/// Checks that the bytes of a text message are UTF-8, as they come, and says as early as it is certain that they are not.
/// RFC 3629 §3, RFC 6455 §8.1.
@usableFromInline
package struct UTF8Check {
    /// Bytes checked so far.
    @usableFromInline var position: UInt64 = 0
    /// Where the ill-formed sequence begins, once there is one; what comes later is not looked at.
    @usableFromInline package private(set) var fault: UInt64?
    /// The last bytes before the present ones, the last of them in the highest byte: a sequence may go on from them.
    @usableFromInline var tail = UTF8Words.Tail(0)

    @inlinable package init() {}

    /// Where a whole text that is masked so stops being UTF-8; `nil` where it is all well.
    @inlinable
    package static func fault(in text: RawSpan, key: UInt32) -> UInt64? {
        UTF8Words.isASCII(text, key: key) ? nil : faultBeyondASCII(in: text, key: key)
    }

    @usableFromInline
    static func faultBeyondASCII(in text: RawSpan, key: UInt32) -> UInt64? {
        var check = UTF8Check()
        check.receiveAny(text, key: key, phase: 0)
        check.finish()
        return check.fault
    }

    /// Checks further bytes; `key` and `phase` say how they are masked.
    @inlinable
    package mutating func receive(_ bytes: RawSpan, key: UInt32 = 0, phase: UInt64 = 0) {
        guard fault == nil else { return }
        let isRestASCII = !tail.isUnfinished && UTF8Words.isASCII(bytes, key: Masking.rotated(key, by: phase))
        guard !isRestASCII else {
            position += UInt64(bytes.byteCount)
            tail = UTF8Words.Tail(0)
            return
        }
        receiveAny(bytes, key: key, phase: phase)
    }

    /// The message is over: an unfinished sequence is a fault too.
    package mutating func finish() {
        guard fault == nil, tail.isUnfinished else { return }
        fault = position - UInt64(tail.unfinishedLength)
    }

    /// How much is unmasked at once: with what surrounds it, no more than finds room on the stack.
    private static let blockLength = 960

    /// Where the bytes are many, all but the first and the last few are looked at where they are.
    @usableFromInline
    mutating func receiveAny(_ bytes: RawSpan, key: UInt32, phase: UInt64) {
        guard bytes.byteCount >= UTF8Check.fewBytes else { return receiveFew(bytes, key: key, phase: phase) }
        receiveFew(bytes.upTo(8), key: key, phase: phase)
        guard fault == nil else { return }
        let key = Masking.rotated(key, by: phase)
        let count = (bytes.byteCount - 8) & ~7
        let isValid = bytes.withUnsafeBytes { bytes in
            bytes.baseAddress.map { UTF8Words.areValid($0 + 8, count: count, UTF8Words.Keys(key)) } ?? true
        }
        guard isValid else { return receiveFew(bytes.from(8), key: key, phase: 0) }
        position += UInt64(count)
        tail = UTF8Words.Tail(endOf: bytes.upTo(8 + count), key: key)
        guard !tail.isHopeless else {
            fault = position - 1
            return
        }
        receiveFew(bytes.from(8 + count), key: key, phase: 0)
    }

    private static let fewBytes = 64

    private mutating func receiveFew(_ bytes: RawSpan, key: UInt32, phase: UInt64) {
        withUnsafeTemporaryAllocation(
            byteCount: UTF8Words.margin + UTF8Check.blockLength + UTF8Words.slack, alignment: 8
        ) { scratch in
            var offset = 0
            while offset < bytes.byteCount, fault == nil {
                let block = bytes.from(offset).upTo(UTF8Check.blockLength)
                check(block, key: Masking.rotated(key, by: phase &+ UInt64(offset)), in: scratch)
                offset += block.byteCount
            }
        }
    }

    private mutating func check(_ block: RawSpan, key: UInt32, in scratch: UnsafeMutableRawBufferPointer) {
        let count = block.byteCount
        tail.store(to: scratch)
        let plain = UnsafeMutableRawBufferPointer(rebasing: scratch[UTF8Words.margin..<UTF8Words.margin + count])
        block.withUnsafeBytes { plain.copyMemory(from: $0) }
        if key != 0 { Masking.apply(key, to: plain, from: 0) }
        if UTF8Words.isValid(UnsafeRawBufferPointer(scratch), count: count) {
            position += UInt64(count)
            tail = UTF8Words.Tail(endOf: UnsafeRawBufferPointer(scratch), count: count)
            if tail.isHopeless { fault = position - 1 }
        } else {
            fault = position - UInt64(tail.unfinishedLength) + UInt64(faultOffset(UnsafeRawBufferPointer(plain)))
        }
    }

    /// Where, counted from the start of the sequence that was unfinished, the first ill-formed sequence begins.
    private func faultOffset(_ plain: UnsafeRawBufferPointer) -> Int {
        let text = tail.unfinishedBytes + plain
        let found = text.withUnsafeBufferPointer { text -> Int? in
            do throws(UTF8.ValidationError) {
                _ = try UTF8Span(validating: text.span)
                return nil
            } catch {
                return error.byteOffsets.lowerBound
            }
        }
        return found ?? 0
    }
}
