import TapCore

/// The blocks that a writer of pcapng needs, in little-endian order.
enum PcapngBlocks {
    static func appendSectionHeader(application: String, to output: inout [UInt8]) {
        appendBlock(0x0A0D_0D0A, to: &output) { output in
            output.appendLittleEndian(UInt32(0x1A2B_3C4D))
            output.appendLittleEndian(UInt16(1))
            output.appendLittleEndian(UInt16(0))
            // The section's length is not known beforehand.
            output.appendLittleEndian(UInt64.max)
            appendOption(4, application.utf8, to: &output)
            appendEndOfOptions(to: &output)
        }
    }

    static func appendInterface(
        _ linkType: UInt16, snapshotLength: UInt32, name: String?, to output: inout [UInt8]
    ) {
        appendBlock(1, to: &output) { output in
            output.appendLittleEndian(linkType)
            output.appendLittleEndian(UInt16(0))
            output.appendLittleEndian(snapshotLength)
            if let name { appendOption(2, name.utf8, to: &output) }
            appendOption(9, CollectionOfOne(9), to: &output)
            appendEndOfOptions(to: &output)
        }
    }

    /// A Decryption Secrets Block with a key log.
    static func appendSecrets(_ keyLog: RawSpan, to output: inout [UInt8]) {
        appendBlock(10, to: &output) { output in
            output.appendLittleEndian(PcapngFormat.tlsKeyLog)
            output.appendLittleEndian(UInt32(clamping: keyLog.byteCount))
            output.append(keyLog)
            output.appendPadding(after: keyLog.byteCount)
        }
    }

    /// Times before 1970, which the format does not have, become 1970.
    static func appendPacket(
        _ header: PacketHeader, _ bytes: RawSpan, interface: UInt32, comments: [[UInt8]], to output: inout [UInt8]
    ) {
        let ticks = UInt64(clamping: header.timestamp.nanoseconds)
        appendBlock(6, to: &output) { output in
            output.appendLittleEndian(interface)
            output.appendLittleEndian(UInt32(ticks >> 32))
            output.appendLittleEndian(UInt32(truncatingIfNeeded: ticks))
            output.appendLittleEndian(UInt32(clamping: bytes.byteCount))
            output.appendLittleEndian(UInt32(clamping: max(bytes.byteCount, header.originalLength)))
            output.append(bytes)
            output.appendPadding(after: bytes.byteCount)
            guard !comments.isEmpty else { return }
            for comment in comments { appendOption(1, comment, to: &output) }
            appendEndOfOptions(to: &output)
        }
    }

    private static func appendBlock(_ type: UInt32, to output: inout [UInt8], body: (inout [UInt8]) -> Void) {
        let start = output.count
        output.appendLittleEndian(type)
        output.appendLittleEndian(UInt32(0))
        body(&output)
        let length = UInt32(clamping: output.count - start + 4)
        output.appendLittleEndian(length)
        output.replaceSubrange(start + 4..<start + 8, with: output.suffix(4))
    }

    /// Values that are too long for an option are cut.
    private static func appendOption(_ code: UInt16, _ value: some Collection<UInt8>, to output: inout [UInt8]) {
        let value = value.prefix(Int(UInt16.max))
        output.appendLittleEndian(code)
        output.appendLittleEndian(UInt16(clamping: value.count))
        output.append(contentsOf: value)
        output.appendPadding(after: value.count)
    }

    private static func appendEndOfOptions(to output: inout [UInt8]) { output.appendLittleEndian(UInt32(0)) }
}

extension [UInt8] {
    fileprivate mutating func appendLittleEndian(_ value: some FixedWidthInteger) {
        Swift.withUnsafeBytes(of: value.littleEndian) { append(contentsOf: $0) }
    }

    /// Fills up to a multiple of four bytes.
    fileprivate mutating func appendPadding(after count: Int) {
        append(contentsOf: repeatElement(0, count: -count & 3))
    }
}
