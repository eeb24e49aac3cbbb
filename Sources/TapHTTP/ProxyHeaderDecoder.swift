import TapCore

/// Reads the header that a proxy may put before the first byte of a connection, and notices early that there is none.
struct ProxyHeaderDecoder {
    enum Progress: Equatable {
        case going
        case whole(ProxyHeader)
        /// It is something else, and so are the bytes that were taken.
        case absent
    }

    /// What was taken so far, without what is only stepped over.
    private(set) var bytes: [UInt8] = []
    /// Bytes of version 2 that are still to be stepped over.
    private var rest = 0

    private static let textStart = Array("PROXY ".utf8)
    /// PROXY protocol §2.1: the longest line, with its end.
    private static let longestLine = 107
    /// PROXY protocol §2.2: CR LF CR LF NUL CR LF "QUIT" LF.
    private static let signature: [UInt8] = [0x0D, 0x0A, 0x0D, 0x0A, 0, 0x0D, 0x0A, 0x51, 0x55, 0x49, 0x54, 0x0A]

    /// Consumes bytes from `offset` up to the end of the header, or as long as it may be one.
    mutating func read(_ span: RawSpan, from offset: inout Int) -> Progress {
        while offset < span.byteCount {
            if rest > 0 {
                let count = min(rest, span.byteCount - offset)
                let room = ProxyBlock.longest - bytes.count
                bytes.append(span.from(offset).upTo(min(count, room)))
                offset += count
                rest -= count
                if rest == 0 { return .whole(ProxyBlock.header(bytes)) }
            } else {
                bytes.append(span.uint8(at: offset))
                offset += 1
                if let end = endOfStart { return end }
                if isBinary, bytes.count == ProxyBlock.fixedLength {
                    rest = ProxyBlock.length(bytes)
                    if rest == 0 { return .whole(ProxyBlock.header(bytes)) }
                }
            }
        }
        return .going
    }

    /// Whether there can be no header, as the first byte of all shows.
    static func isAbsent(from first: UInt8) -> Bool { first != UInt8(ascii: "P") && first != 0x0D }

    private var isBinary: Bool { bytes.first == ProxyHeaderDecoder.signature[0] }

    /// Whether bytes at the start of a segment begin with a whole header.
    static func isWhole(in span: RawSpan) -> Bool {
        var decoder = ProxyHeaderDecoder()
        var offset = 0
        guard case .whole = decoder.read(span, from: &offset) else { return false }
        return true
    }

    /// What the last byte that was taken decides.
    private var endOfStart: Progress? {
        let place = bytes.count - 1
        if isBinary {
            if place < ProxyHeaderDecoder.signature.count {
                return bytes[place] == ProxyHeaderDecoder.signature[place] ? nil : .absent
            }
            return ProxyBlock.isKnown(bytes) ? nil : .absent
        }
        if place < ProxyHeaderDecoder.textStart.count {
            return bytes[place] == ProxyHeaderDecoder.textStart[place] ? nil : .absent
        }
        guard bytes[place] == 0x0A else { return bytes.count < ProxyHeaderDecoder.longestLine ? nil : .absent }
        return ProxyLine.header(bytes).map { .whole($0) } ?? .absent
    }
}
