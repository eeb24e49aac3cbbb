import TapCore

/// Steps over a chunked body. RFC 9112 §7.1.
struct HTTPChunks: Equatable {
    private enum State: Equatable {
        case size(UInt64, digits: Int)
        case sizeExtension(UInt64)
        case data(UInt64)
        case dataEnd
        case trailer(lineLength: Int)
    }

    enum Progress { case going, finished, malformed }

    private var state = State.size(0, digits: 0)

    /// Consumes bytes from `offset` up to the end of the body or of the bytes.
    mutating func read(_ bytes: RawSpan, from offset: inout Int) -> Progress {
        while offset < bytes.byteCount {
            if case .data(let left) = state {
                let count = min(UInt64(bytes.byteCount - offset), left)
                offset += Int(count)
                state = left == count ? .dataEnd : .data(left - count)
                continue
            }
            let byte = bytes.uint8(at: offset)
            offset += 1
            switch step(byte) {
            case .going: continue
            case let end: return end
            }
        }
        return .going
    }

    /// Steps over bytes that are missing; `false` where it is not certain any more where the body ends.
    mutating func skip(_ count: Int) -> Bool {
        guard case .data(let left) = state, count <= left else { return false }
        state = left == count ? .dataEnd : .data(left - UInt64(count))
        return true
    }

    private mutating func step(_ byte: UInt8) -> Progress {
        switch state {
        case .size(let size, let digits):
            if let digit = Hex.value(ofDigit: byte) {
                guard digits < 15 else { return .malformed }
                state = .size(size << 4 | UInt64(digit), digits: digits + 1)
            } else if digits > 0, byte == 0x0A {
                state = afterSize(size)
            } else if digits > 0 {
                state = .sizeExtension(size)
            } else {
                return .malformed
            }
        case .sizeExtension(let size):
            if byte == 0x0A { state = afterSize(size) }
        case .dataEnd:
            if byte == 0x0A { state = .size(0, digits: 0) } else if byte != 0x0D { return .malformed }
        case .trailer(let lineLength):
            if byte == 0x0A {
                if lineLength == 0 { return .finished }
                state = .trailer(lineLength: 0)
            } else if byte != 0x0D {
                state = .trailer(lineLength: lineLength + 1)
            }
        case .data:
            break
        }
        return .going
    }

    private func afterSize(_ size: UInt64) -> State { size == 0 ? .trailer(lineLength: 0) : .data(size) }
}
