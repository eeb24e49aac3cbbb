import TapCore

/// Writes a TCP segment as a packet of its own, with the checksums that it must have. RFC 9293 §3.1, RFC 791 §3.1, RFC 8200 §3.
struct SegmentWriter {
    var source: Endpoint
    var destination: Endpoint
    var sequenceNumber: SequenceNumber
    /// The next byte that is expected of the peer, where there is one to expect.
    var acknowledged: SequenceNumber?
    var flags: TCPFlags
    /// RFC 7323 §2; only a SYN has it.
    var windowScale: UInt8?

    /// Longer payloads do not fit into an IP packet with these headers.
    static let longestPayload = 65_495
    private static let window = UInt16.max
    private static let hopLimit: UInt8 = 64

    /// - Parameter payload: at most ``longestPayload`` bytes.
    func packet(behind link: LinkHeader, _ payload: RawSpan) -> [UInt8] {
        let payload = payload.upTo(SegmentWriter.longestPayload)
        let options: [UInt8] = windowScale.map { [3, 3, $0, 1] } ?? []
        var segment: [UInt8] = []
        segment.reserveCapacity(20 + options.count + payload.byteCount)
        segment.appendBigEndian(source.port)
        segment.appendBigEndian(destination.port)
        segment.appendBigEndian(sequenceNumber.rawValue)
        segment.appendBigEndian(acknowledged?.rawValue ?? 0)
        segment.append(UInt8((20 + options.count) / 4) << 4)
        segment.append((acknowledged == nil ? flags : flags.union(.ack)).rawValue)
        segment.appendBigEndian(SegmentWriter.window)
        segment += [0, 0, 0, 0]
        segment += options
        segment.append(payload)
        let addresses = TCPChecksum.addressSum(FlowKey(source, destination))
        let pseudo = UInt64(addresses) + 6 + UInt64(clamping: segment.count)
        segment.put(~TCPChecksum.folded(segment.wordSum + pseudo), at: 16)
        return link.bytes + header(length: segment.count) + segment
    }

    private func header(length: Int) -> [UInt8] {
        var header: [UInt8] = []
        if source.address.isIPv6 {
            header += [0x60, 0, 0, 0]
            header.appendBigEndian(UInt16(clamping: length))
            header += [6, SegmentWriter.hopLimit]
            return header + source.address.bytes + destination.address.bytes
        }
        header += [0x45, 0]
        header.appendBigEndian(UInt16(clamping: 20 + length))
        // It must not be cut into fragments, so that it needs no number.
        header += [0, 0, 0x40, 0, SegmentWriter.hopLimit, 6, 0, 0]
        header += source.address.bytes + destination.address.bytes
        header.put(~TCPChecksum.folded(header.wordSum), at: 10)
        return header
    }
}

extension FixedWidthInteger {
    /// In network byte order.
    fileprivate var bytes: [UInt8] {
        stride(from: bitWidth - 8, through: 0, by: -8).map { UInt8(truncatingIfNeeded: self >> $0) }
    }
}

extension [UInt8] {
    fileprivate mutating func appendBigEndian(_ value: some FixedWidthInteger) { append(contentsOf: value.bytes) }

    fileprivate mutating func put(_ value: UInt16, at index: Int) {
        replaceSubrange(index..<index + 2, with: value.bytes)
    }

    /// What the ones' complement sum of at least eight bytes folds from.
    fileprivate var wordSum: UInt64 { UInt64(TCPChecksum.folded(span.bytes.sumOfWords).byteSwapped) }
}
